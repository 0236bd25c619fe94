"""The desktop window and the 3D scene over `twin`."""
