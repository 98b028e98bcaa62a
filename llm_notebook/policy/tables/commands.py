"""Commands of the shell by what they do beside starting."""

COMMANDS = """
reads cat head tail less more tac nl od xxd hexdump strings file stat ls dir tree find locate grep \
egrep fgrep rg awk gawk cut sort uniq wc diff cmp comm md5sum sha1sum sha256sum du df jq column \
zcat zless zgrep realpath readlink test lsof who w last getent sqlite3
writes cp mv touch mkdir tee dd install ln chmod chown chgrp truncate mkfifo mknod tar unzip zip \
gzip gunzip bzip2 xz 7z split csplit patch rename mkfs mount umount fdisk parted setfacl chattr \
losetup cryptsetup ex ed vi vim nano useradd usermod userdel groupadd groupdel passwd chpasswd \
visudo crontab update-alternatives ldconfig
deletes rm rmdir unlink shred wipe srm trash
starts kill pkill killall nohup setsid at batch systemctl service init reboot shutdown halt \
poweroff screen tmux docker podman kubectl make cmake gcc g++ cc clang ld insmod modprobe rmmod \
sysctl chroot unshare nsenter strace gdb open xdg-open jupyter
contacts curl wget ssh scp sftp rsync ftp tftp nc ncat netcat socat telnet ping traceroute dig \
host nslookup whois nmap aria2c http httpie gh aws gcloud gsutil az rclone mail sendmail mutt \
kaggle \
huggingface-cli hf dvc
installs pip pip3 conda mamba micromamba uv pipx poetry apt apt-get aptitude dpkg yum dnf rpm apk \
brew pacman zypper snap flatpak npm npx yarn pnpm gem cargo go cpan easy_install
environment cd pushd popd pwd env printenv export set unset declare typeset readonly alias unalias \
ulimit umask whoami id uname hostname ps top htop free uptime nproc lscpu ifconfig ip netstat ss \
arp route date locale getconf ulimit nvidia-smi
unknown eval source exec . bash sh zsh dash ksh fish csh python python2 python3 ipython perl ruby \
node php lua osascript powershell pwsh trap function base64 openssl xargs parallel
none echo printf true false : test [ sleep seq expr basename dirname wait yes read shift return \
exit break continue local let getopts tr rev
"""

WRAPPERS = frozenset(
    "sudo doas su env nohup time nice ionice timeout stdbuf command builtin busybox exec xargs "
    "watch setsid chroot unbuffer".split()
)
"""Commands that start the command that follows them."""

GIT_CONTACTS = frozenset("clone pull push fetch remote submodule ls-remote".split())
WRITES_WITH = {"sed": ("-i", "--in-place"), "perl": ("-i",), "sort": ("-o",), "find": ("-fprint",)}
DELETES_WITH = {"find": ("-delete",), "rsync": ("--delete",), "git": ("clean", "rm")}
RUNS_WITH = {"find": ("-exec", "-execdir", "-ok"), "awk": ("system",), "git": ("-c",)}
