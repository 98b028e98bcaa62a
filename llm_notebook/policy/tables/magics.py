"""IPython's magics by what they do."""

MAGICS = """
pure time timeit capture who whos who_ls lsmagic quickref pinfo pinfo2 pdoc pdef pprint precision \
xmode colors tb memit magic page latex prun
displays html HTML javascript js svg SVG markdown
environment env set_env cd pwd pushd popd dirs dhist bookmark autoreload automagic autocall gui \
pylab pdb debug
starts sx system sc bash sh script perl ruby cmd python python2 python3 pypy killbgscripts \
tensorboard qtconsole mprun
installs pip conda mamba micromamba uv
writes writefile file save logstart store notebook edit ed
reads psource pfile pycat history hist recall rep psearch
unknown run load loadpy load_ext reload_ext unload_ext reset reset_selective xdel macro alias \
rehashx alias_magic rerun pastebin autoawait doctest_mode profile logon logoff logstop logstate \
unalias subshell code_wrap lprun cython sql bigquery R
authority connect_info llm config
"""

RUNS_ITS_LINE = frozenset({"time", "timeit", "memit", "prun"})
RUNS_ITS_BODY = frozenset({"time", "timeit", "memit", "prun", "capture"})
SHELLS = frozenset({"sx", "system", "sc", "bash", "sh", "script"})
PACKAGERS = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})

BARE = frozenset(
    "cd pwd ls ll la lf lk lx ldir cat cp mv rm rmdir mkdir less more man pip conda run load "
    "load_ext env set_env pushd popd reset save store edit sx system sc history logstart pastebin "
    "writefile rerun recall macro alias rehashx pylab debug pdb notebook bookmark connect_info "
    "qtconsole killbgscripts llm script bash sh reload_ext unload_ext xdel reset_selective".split()
)
"""Names that a cell of one line may use as a command without a percent sign."""

BACKENDS = frozenset("inline notebook widget ipympl agg nbagg auto --list -l".split())
OPTIONS_ALLOWED = ("InlineBackend.", "Completer.", "IPCompleter.")
