"""Plan maps as SVG: what is drawn, in which colours, and the key that names them."""
