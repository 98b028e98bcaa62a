"""The built-in approvers, in the order in which their reasons are read."""

from llm_notebook.rules.approvers.characters import characters
from llm_notebook.rules.approvers.dry_run import dry_run
from llm_notebook.rules.approvers.guarded import guarded
from llm_notebook.rules.approvers.isolated import isolated
from llm_notebook.rules.approvers.live import live
from llm_notebook.rules.approvers.observed import observed
from llm_notebook.rules.approvers.origin import origin
from llm_notebook.rules.approvers.otherwise import otherwise
from llm_notebook.rules.approvers.predicted import predicted
from llm_notebook.rules.approvers.same import same
from llm_notebook.rules.approvers.texts import texts
from llm_notebook.rules.evidence import Approver

BUILT_IN: dict[str, Approver] = {
    "guarded": guarded,
    "predicted": predicted,
    "observed": observed,
    "otherwise": otherwise,
    "origin": origin,
    "live": live,
    "texts": texts,
    "characters": characters,
    "same": same,
    "dry-run": dry_run,
    "isolated": isolated,
}
"""By the name that their reasons carry as `rule`."""
