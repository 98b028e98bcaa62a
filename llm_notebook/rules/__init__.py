"""From evidence to a decision: a chain of small approvers, each of which may only raise.

`judge` puts together what the syntax predicts, what the dry run showed and where
the proposal comes from. Nothing lowers what an approver said, one that fails
counts as ASK, and what nobody vouches for is ASK.
"""

from llm_notebook.rules.chain import judge
from llm_notebook.rules.evidence import Evidence, Places, ProposedCell
from llm_notebook.rules.gathering import gather

__all__ = ["Evidence", "Places", "ProposedCell", "gather", "judge"]
