"""The readers' pages and the files of `public/`, over HTTP."""
