#!/bin/sh
# Unpack Postfix, and the libraries it needs that are missing here, into build/postfix.
#
# The tests of outbox/README.md run an instance of it on loopback. It is not installed:
# it would take the place of the machine's own mail server. Needs root, for apt's locks.
set -eu
target=$(cd "$(dirname "$0")/../.." && pwd)/build/postfix
mkdir -p "$target/archives/partial"
apt-get install --quiet --yes --no-install-recommends --reinstall --download-only \
    -o Dir::Cache::archives="$target/archives" postfix
for archive in "$target"/archives/*.deb; do
    dpkg -x "$archive" "$target"
done
rm -r "$target/archives"
