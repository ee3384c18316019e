#!/bin/bash
# Makes the directories d100 and d1000 with as many files of 1 kB each below a directory. Usage: fill.sh DIR
set -euo pipefail
root=$1
for size in 100 1000; do
  mkdir -p "$root/d$size"
  for number in $(seq "$size"); do
    head -c 1024 /dev/zero > "$root/d$size/$(printf 'file-%05d' "$number")"
  done
done
