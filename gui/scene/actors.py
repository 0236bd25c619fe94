"""Thin wraps of VTK: an actor that takes a mesh only when it changed, and textures of arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util import numpy_support
from vtkmodules.vtkCommonCore import (
    VTK_INT,
    VTK_UNSIGNED_CHAR,
    vtkCommand,
    vtkPoints,
    vtkUnsignedCharArray,
)
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataObject, vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer, vtkTexture

from gui.scene.mesh import Mesh
from gui.scene.style import rgb

to_vtk: Any = numpy_support.numpy_to_vtk  # untyped in VTK
to_numpy: Any = numpy_support.vtk_to_numpy
_POINTS = vtkDataObject.FIELD_ASSOCIATION_POINTS
_AS_THEY_ARE = 0
"""VTK's number for points that are not moved and scaled on their way to OpenGL."""


def make_polydata(mesh: Mesh) -> vtkPolyData:
    """Return VTK's form of a mesh; the arrays are copied, so nothing outlives anything."""
    data = vtkPolyData()
    points = vtkPoints()
    points.SetData(to_vtk(np.ascontiguousarray(mesh.points), deep=True))
    data.SetPoints(points)
    width = mesh.faces.shape[1]
    cells = vtkCellArray()
    cells.SetData(
        to_vtk(np.arange(0, width * len(mesh.faces) + 1, width, dtype=np.int32), True, VTK_INT),
        to_vtk(np.ascontiguousarray(mesh.faces.ravel()), True, VTK_INT),
    )
    if width == 2:
        data.SetLines(cells)
    else:
        data.SetPolys(cells)
    if mesh.shade is not None:
        grey = np.repeat(mesh.shade[:, None], 3, axis=1)
        data.GetPointData().SetScalars(to_vtk(grey, True, VTK_UNSIGNED_CHAR))
    return data


class Texture:
    """A texture whose picture is an array, bottom row first."""

    def __init__(self, *, smooth: bool, mipmap: bool = False) -> None:
        self.vtk = vtkTexture()
        self.vtk.SetInterpolate(smooth)
        self.vtk.SetMipmap(mipmap)
        self.vtk.RepeatOff()
        self.vtk.EdgeClampOn()
        self._pixels: NDArray[np.uint8] | None = None
        self.set_pixels(np.full((1, 1), 255, np.uint8))

    def set_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """Take a picture of shape (rows, columns) or (rows, columns, 3 or 4); once per object."""
        if pixels is self._pixels:
            return
        self._pixels = pixels
        image = vtkImageData()
        image.SetDimensions(pixels.shape[1], pixels.shape[0], 1)
        flat = np.ascontiguousarray(pixels.reshape(pixels.shape[0] * pixels.shape[1], -1))
        image.GetPointData().SetScalars(to_vtk(flat, True, VTK_UNSIGNED_CHAR))
        self.vtk.SetInputDataObject(image)


@cache
def texel(colour: str) -> NDArray[np.uint8]:
    """Return a picture of one pixel in a colour ``#rrggbb``, the same object each time."""
    return np.round(np.array([[rgb(colour)]]) * 255).astype(np.uint8)


class MeshActor:
    """One actor in a renderer, unlit, that uploads a mesh only when it is another object."""

    def __init__(self, renderer: vtkRenderer, *, cull: bool = True) -> None:
        self.mapper = vtkPolyDataMapper()
        self.actor = vtkActor()
        self.actor.SetMapper(self.mapper)
        look = self.actor.GetProperty()
        look.LightingOff()
        look.SetBackfaceCulling(cull)
        self._renderer = renderer
        self._mesh: Mesh | None = None
        self._shown = True
        self._code = ""
        self.uploads = 0
        """How often a mesh was handed to VTK."""
        renderer.AddActor(self.actor)

    @property
    def mesh(self) -> Mesh | None:
        """What is drawn."""
        return self._mesh

    def set_mesh(self, mesh: Mesh | None, **coordinates: NDArray[np.float32]) -> None:
        """Draw `mesh`; `coordinates` are texture places (n, 2) by the texture's name."""
        if mesh is self._mesh and mesh is not None:
            return
        self._mesh = mesh
        if mesh is None or not len(mesh):
            self.mapper.SetInputDataObject(vtkPolyData())
            return
        data = make_polydata(mesh)
        for name, places in coordinates.items():
            array = to_vtk(np.ascontiguousarray(places, np.float32), True)
            array.SetName(name)
            data.GetPointData().AddArray(array)
        self.mapper.SetInputDataObject(data)
        self.uploads += 1

    def set_shade(self, shade: NDArray[np.uint8]) -> None:
        """Take how light each point of the mesh is, in the place of the mesh's own shade."""
        grey = to_vtk(np.repeat(shade[:, None], 3, axis=1), True, VTK_UNSIGNED_CHAR)
        self.mapper.GetInput().GetPointData().SetScalars(grey)

    def bind(self, **textures: Texture) -> MeshActor:
        """Multiply the colour with textures, whose places come with each mesh by the same name."""
        for name, texture in textures.items():
            self.mapper.MapDataArrayToMultiTextureAttribute(name, name, _POINTS)
            self.actor.GetProperty().SetTexture(name, texture.vtk)
        return self

    def exchange(self, name: str, texture: Texture) -> None:
        """Take another texture under a name that is bound; does nothing where it is not."""
        look = self.actor.GetProperty()
        if look.GetTexture(name) is not None:
            look.RemoveTexture(name)  # VTK warns of a name that is taken
            look.SetTexture(name, texture.vtk)

    def paint_by(self, name: str, code: str) -> MeshActor:
        """Let GLSL change ``fragOutput0``; `code` reads the number `name` of the mesh.

        The number is given with each mesh as a coordinate of that name, shape (n,). Beside it the
        code knows its ``place``, a ``vec3`` relative to the origin of the meshes. It reads the
        textures itself: VTK would, but not those that are lent, which have no places on the mesh.
        """
        if code == self._code:
            return self
        self._code = code
        self.mapper.MapDataArrayToVertexAttribute(name, name, _POINTS, -1)
        self.mapper.SetVBOShiftScaleMethod(_AS_THEY_ARE)
        handed = f"out float {name}VS;\nout vec3 placeVS;"
        taken = f"float {name} = {name}VS;\nvec3 place = placeVS;"
        shader = self.actor.GetShaderProperty()
        for stage, mark, text in (
            ("Vertex", "//VTK::ValuePass::Dec", f"in float {name};\n{handed}"),
            ("Vertex", "//VTK::ValuePass::Impl", f"{name}VS = {name};\nplaceVS = vertexMC.xyz;"),
            ("Fragment", "//VTK::ValuePass::Dec", handed.replace("out", "in")),
        ):
            add = getattr(shader, f"Add{stage}ShaderReplacement")
            add(mark, True, f"{mark}\n{text}\n", False)
        painted = f"{{\n{taken}\n{code}\n}}\n"  # in the place of what VTK would do with textures
        shader.AddFragmentShaderReplacement("//VTK::TCoord::Impl", True, painted, False)
        return self

    def lend(self, name: str, texture: Texture | None) -> None:
        """Let the code of :meth:`paint_by` read a texture without places on the mesh, or none."""
        look = self.actor.GetProperty()
        if look.GetTexture(name) is not None:
            look.RemoveTexture(name)  # VTK warns of a name that is taken
        if texture is not None:
            look.SetTexture(name, texture.vtk)

    def when_it_fails(self, tell: Callable[[], None]) -> None:
        """Call `tell` when VTK cannot draw this, as where a driver does not compile a shader."""
        self.mapper.AddObserver(vtkCommand.ErrorEvent, lambda *_event: tell())

    def tell(self, **numbers: tuple[float, float, float, float]) -> None:
        """Hand the code of :meth:`paint_by` numbers, a ``vec4`` by each name."""
        uniforms = self.actor.GetShaderProperty().GetFragmentCustomUniforms()
        for name, values in numbers.items():
            uniforms.SetUniform4f(name, values)

    def set_colour(self, colour: str, opacity: float = 1.0) -> None:
        """Take one colour for the whole mesh; does nothing where the mesh is shaded by points."""
        self.actor.GetProperty().SetColor(*rgb(colour))
        self.actor.GetProperty().SetOpacity(opacity)

    def set_width(self, pixels: float) -> None:
        """Take a width for lines, in pixels of the render window."""
        self.actor.GetProperty().SetLineWidth(pixels)

    def set_visible(self, visible: bool) -> None:
        """Draw it or not."""
        shown = visible and self._mesh is not None and len(self._mesh) > 0
        if shown != self._shown:
            self._shown = shown
            self.actor.SetVisibility(shown)

    def set_lift(self, metres: float) -> None:
        """Raise the whole mesh, by which sheets on the ground stay apart at any distance."""
        self.actor.SetPosition(0.0, 0.0, metres)

    def remove(self) -> None:
        """Take the actor out of its renderer."""
        self.mapper.RemoveObservers(vtkCommand.ErrorEvent)
        self._renderer.RemoveActor(self.actor)


def read_pixels(window: Any) -> NDArray[np.uint8]:
    """Return the picture in a render window, uint8 (rows, columns, 4), top row first."""
    width, height = window.GetSize()
    data = vtkUnsignedCharArray()
    window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, data)
    pixels = to_numpy(data).reshape(height, width, 4)
    return np.ascontiguousarray(pixels[::-1])
