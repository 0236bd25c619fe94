"""3D city models: CityJSON and CityGML as layers of our roles."""
