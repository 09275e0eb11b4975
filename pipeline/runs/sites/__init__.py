"""From the folder of a site to its feeds: collected, rendered, published."""
