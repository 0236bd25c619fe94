"""OpenStreetMap: XML and PBF files become layers of our roles, by rules that are kept as data.

What counts as walkable, as a building, a service or a barrier stands in the TOML files of this
package, each rule with its source. A file is proven whole before it is used, and what the rules
leave out is counted and told.
"""

from layers.osm.district import read as read
from layers.osm.soundness import looks_like as looks_like
