"""Who lives where: counted, brought home from grids, or estimated openly."""
