"""Formulas: TeX to MathML, HTML, an image and one line of text."""
