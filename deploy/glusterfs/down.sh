#!/bin/bash
# Undoes up.sh: unmounts, ends the processes that it started (by their pid files), removes the volume's files.
set -uo pipefail
mount_point=${1:-/mnt/glidetester}
state=${GLIDETESTER_GLUSTER_STATE:-/var/tmp/glidetester-glusterfs}

umount "$mount_point" 2> /dev/null || umount -l "$mount_point" 2> /dev/null
gluster --mode=script volume stop glidetester force > /dev/null 2>&1
gluster --mode=script volume delete glidetester > /dev/null 2>&1
for file in "$state/mount.pid" "$state/glusterd.pid"; do
  [ -f "$file" ] && kill "$(cat "$file")" 2> /dev/null
done
rm -rf "$state"
