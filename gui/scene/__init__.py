"""The 3D twin, drawn off screen by VTK: no Qt in here.

A caller needs :class:`~gui.scene.scene.Scene`, :class:`~gui.scene.view.View`,
:class:`~gui.scene.colours.BuildingColours`, :class:`~gui.scene.camera.Camera` and, from a worker
thread, :func:`~gui.scene.meshes.build_meshes`.
"""
