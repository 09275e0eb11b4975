"""From a folder to posts: scan, decode, front matter, markup, excerpt."""
