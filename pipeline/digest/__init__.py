"""An issue's mail: variants, templates, inlined CSS, and the press."""
