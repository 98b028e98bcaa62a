"""A first model to compare with: a train and test split, and the simplest guess beside it."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import listed, quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.schema import Table, is_bool, is_numeric, is_text

_NUMBERS = """\
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split

rows = {frame}[{columns}].dropna()
X_train, X_test, y_train, y_test = train_test_split(
    rows[{features}], rows[{target}], test_size=0.25, random_state=0
)
models = {{"mean": DummyRegressor(), "linear": LinearRegression()}}
errors = {{
    name: mean_absolute_error(y_test, model.fit(X_train, y_train).predict(X_test))
    for name, model in models.items()
}}
errors"""
_CLASSES = """\
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rows = {frame}[{columns}].dropna()
X_train, X_test, y_train, y_test = train_test_split(
    rows[{features}], rows[{target}], test_size=0.25, random_state=0
)
models = {{
    "most frequent": DummyClassifier(),
    "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
}}
scores = {{
    name: model.fit(X_train, y_train).score(X_test, y_test) for name, model in models.items()
}}
scores"""


def _baseline(ask: Ask) -> Plan | Refusal:
    y = ask.column("y")
    column = ask.reading.column(y)
    if ask.has("x"):
        features = ask.columns("x")
        for name in features:
            if not is_numeric(ask.reading.column(name)):
                return Refusal(
                    f"{name} does not hold numbers, and the baseline takes numbers only."
                )
        if y in features:
            return Refusal(f"{y} would be predicted from itself.")
    else:
        features = [
            name
            for name in ask.reading.table.numeric()
            if name != y and not name.lower().rstrip("_").endswith(("id", "index"))
        ]
    if not features:
        return Refusal(f"There is no column of numbers to predict {y} from.")
    is_number = is_numeric(column) and not is_bool(column)
    if not is_number and not is_text(column) and not is_bool(column):
        return Refusal(f"{y} holds {column.dtype} values, which the baseline cannot predict.")
    shape = _NUMBERS if is_number else _CLASSES
    every = listed([*features, y])
    code = shape.format(
        frame=ask.frame,
        columns=every,
        features=f"[{', '.join(map(quoted, features))}]",
        target=quoted(y),
    )
    scored = "Mean absolute error" if is_number else "Share of right answers"
    used = ", ".join(features)
    why = f"{scored} on a quarter of the rows; from {used}. Needs scikit-learn."
    return Plan(f"Baseline for {said(y)}", code, why)


def _offers(table: Table) -> Iterator[str]:
    numbers = [name for name in table.numeric() if not name.lower().endswith("id")]
    if len(numbers) > 1:
        yield f"baseline model for {numbers[-1]}"


_MODEL = "baseline_model|baseline|train_test_baseline|simple_model|linear_model|first_model"
_FROM = "from|using|with|by"

INTENT = Intent(
    "a train/test baseline that predicts a column (scikit-learn)",
    (
        Rule(f"train|fit|{{make}}|build? {_MODEL} for|of|to_predict|predicting <y>", _baseline),
        Rule(
            f"train|fit|{{make}}|build? {_MODEL} for|of|to_predict|predicting <y> {_FROM} <x+>",
            _baseline,
        ),
        Rule(f"predict <y> {_FROM} <x+>", _baseline),
    ),
    (
        Example(
            "train a baseline model for body mass", "errors['linear'] >= 0 and len(errors) == 2"
        ),
        Example("predict species from body mass and bill length", "0 <= scores['logistic'] <= 1"),
        Example("predict body mass from species", "'takes numbers only' in declined"),
        Example("baseline for date", "'cannot predict' in declined"),
    ),
    _offers,
)
