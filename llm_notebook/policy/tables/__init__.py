"""What is known of modules, methods and names: data, one library or group a paragraph.

A paragraph is a line of modules, then lines of a rule and the members it holds for.
``*`` stands for all members not named, ``fetch_*`` for all that begin so. A rule is
an effect's kind, ``pure``, or the name of a closer look (see `closer`), which may
bring an argument: ``key:filename writes`` counts where that keyword is given.
"""
