# SPDX-License-Identifier: MIT
# To be sourced: a cluster of this machine alone, on the loopback, with all it keeps in a folder of
# its own; it meets no other Slurm or munge that may run here.

# start_slurm FOLDER CPUS: false where it does not come up
start_slurm() {
	local folder=$1 host
	host=$(hostname -s)
	export SLURM_CONF=$folder/slurm.conf
	mkdir -p "$folder/state" "$folder/spool"
	(umask 077; head -c 1024 /dev/urandom >"$folder/munge.key")
	cat >"$SLURM_CONF" <<-EOF
	ClusterName=mmref
	SlurmctldHost=$host(127.0.0.1)
	SlurmctldPort=36817
	SlurmdPort=36818
	SlurmUser=root
	AuthType=auth/munge
	AuthInfo=socket=$folder/munge.socket
	StateSaveLocation=$folder/state
	SlurmdSpoolDir=$folder/spool
	SlurmctldPidFile=$folder/slurmctld.pid
	SlurmdPidFile=$folder/slurmd.pid
	SlurmctldLogFile=$folder/slurmctld.log
	SlurmdLogFile=$folder/slurmd.log
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	JobAcctGatherType=jobacct_gather/none
	AccountingStorageType=accounting_storage/none
	MpiDefault=none
	SelectType=select/cons_tres
	SelectTypeParameters=CR_CPU
	SlurmdParameters=config_overrides
	ReturnToService=2
	NodeName=$host NodeAddr=127.0.0.1 CPUs=$2 State=UNKNOWN
	PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
	EOF
	munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
		--pid-file="$folder/munged.pid" --log-file="$folder/munged.log" \
		--seed-file="$folder/munged.seed" 2>/dev/null &&
		slurmctld -f "$SLURM_CONF" && slurmd -f "$SLURM_CONF" -N "$host" || return 1
	for _ in $(seq 50); do
		sinfo -h -o %t 2>/dev/null | grep -q idle && return 0
		sleep 0.2
	done
	return 1
}

# stop_slurm FOLDER: those that were started, and nothing else
stop_slurm() {
	local pid
	for pid in slurmd slurmctld munged; do
		[ ! -s "$1/$pid.pid" ] || kill "$(cat "$1/$pid.pid")" 2>/dev/null
	done
	sleep 0.5
}
