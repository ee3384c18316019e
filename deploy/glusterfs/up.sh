#!/bin/bash
# A GlusterFS volume of one node on this machine, mounted by FUSE: for campaigns/local-disk-against-fuse.ts.
# As root on Debian 12; installs glusterfs. Listens on 127.0.0.1 only. Usage: up.sh [mount point]
set -euo pipefail
mount_point=${1:-/mnt/glidetester}
state=${GLIDETESTER_GLUSTER_STATE:-/var/tmp/glidetester-glusterfs}
volume=glidetester

if ! command -v glusterd > /dev/null; then
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
    glusterfs-server glusterfs-client fuse3 attr > /dev/null
fi
mkdir -p "$state/brick" "$state/work" "$mount_point" /run/gluster /var/log/glusterfs
cat > "$state/glusterd.vol" << VOL
volume management
    type mgmt/glusterd
    option working-directory $state/work
    option transport-type socket
    option transport.socket.bind-address 127.0.0.1
    option transport.socket.listen-port 24007
    option max-port 60999
end-volume
VOL
glusterd --volfile="$state/glusterd.vol" -p "$state/glusterd.pid" -l "$state/glusterd.log"
for _ in $(seq 100); do
  gluster --mode=script volume list > /dev/null 2>&1 && break
  sleep 0.1
done
host=$(hostname -s)
if ! gluster --mode=script volume info "$volume" > /dev/null 2>&1; then
  gluster --mode=script volume create "$volume" "$host:$state/brick" force
fi
gluster --mode=script volume start "$volume" > /dev/null 2>&1 || true
glusterfs --volfile-server="$host" --volfile-id="$volume" -l "$state/mount.log" -p "$state/mount.pid" "$mount_point"
for _ in $(seq 100); do
  grep -q " $mount_point fuse.glusterfs" /proc/mounts && break
  sleep 0.1
done
grep " $mount_point " /proc/mounts
