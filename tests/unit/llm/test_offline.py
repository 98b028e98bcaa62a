"""`offline:rules` beyond its examples: which table, which column, and what it will not guess."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_notebook.core.context import Column, Context, ContextCell, Variable
from llm_notebook.core.notebook import Cell
from llm_notebook.llm.offline.assistant import Answer, answer
from llm_notebook.llm.offline.plotcode import PlotCode


def table(name: str = "df", type: str = "pandas.DataFrame", **columns: str) -> Variable:
    described = tuple(Column(column, dtype) for column, dtype in columns.items())
    return Variable(name, "table", type, (3, len(columns)), described)


def ask(prompt: str, *variables: Variable, source: str = "", files: tuple[str, ...] = ()) -> Answer:
    cells = (ContextCell("c1", Cell("a", "code", source)),)
    return answer(prompt, Context(cells=cells, variables=variables, files=files), None)


def code(found: Answer) -> str:
    assert found.plan is not None, found.why
    return found.plan.code


BIRDS = table(species="str", bill_length_mm="float64", bill_depth_mm="float64", Body_Mass="int64")


@pytest.mark.parametrize("name", ["Body_Mass", "body mass", "body-mass", "Body Masses", "bodyMass"])
def test_a_column_is_found_however_it_is_written(name: str) -> None:
    assert code(ask(f"mean {name} by species", BIRDS)) == (
        'df.groupby("species")["Body_Mass"].mean()'
    )


def test_a_name_that_fits_two_columns_is_asked_about() -> None:
    found = ask("mean bill by species", BIRDS)
    assert found.plan is None
    assert "“bill” could be bill_length_mm or bill_depth_mm." in found.why


def test_a_name_that_is_not_written_out_is_remarked() -> None:
    found = ask("mean depth by species", BIRDS)
    assert found.plan is not None
    assert "“depth” is read as bill_depth_mm." in found.plan.why


def test_an_exact_name_wins_over_a_longer_one() -> None:
    frame = table(age="int64", age_group="str", mean_age="float64")
    assert code(ask("median age by age group", frame)) == (
        'df.groupby("age_group")["age"].median()'
    )


def test_columns_called_like_words_of_the_grammar() -> None:
    visits = table(count="int64", kind="str", rows="str")
    assert code(ask("mean count by kind", visits)) == 'df.groupby("kind")["count"].mean()'
    assert code(ask("mean count by rows", visits)) == 'df.groupby("rows")["count"].mean()'
    assert code(ask("how many rows are there", visits)) == "len(df)"
    means = table(mean="float64", by="str")
    assert code(ask('mean of "mean" by "by"', means)) == 'df.groupby("by")["mean"].mean()'


def test_columns_called_like_articles() -> None:
    frame = table(a="str", b="int64")
    assert code(ask("plot the mean b by a", frame)).startswith('ax = df.groupby("a")["b"].mean()')


@pytest.mark.parametrize("name", ['say "hi"', "back\\slash", "naïve café", "new\nline"])
def test_odd_names_are_quoted(name: str) -> None:
    found = ask("describe df", table(**{name: "float64"}))
    ast.parse(code(found))
    frame = table(**{name: "float64", "k": "str"})
    source = code(ask("mean " + re.sub(r"\W", " ", name) + " by k", frame))
    constants = [n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)]
    assert name in constants


def test_unsafe_columns_are_left_out() -> None:
    doubled = Variable(
        "df", "table", "pandas.DataFrame", (3, 3),
        (Column("x", "int64"), Column("x", "int64"), Column("0", "int64")),
    )  # fmt: skip
    assert ask("mean x", doubled).plan is None


def test_the_table_that_has_the_columns_is_meant() -> None:
    assert code(ask("mean price by city", BIRDS, table("homes", price="int64", city="str"))) == (
        'homes.groupby("city")["price"].mean()'
    )


def test_two_tables_that_fit_are_asked_about() -> None:
    one, two = table("old", price="int64", city="str"), table("new", price="int64", city="str")
    found = ask("mean price by city", one, two)
    assert found.plan is None
    assert "old or new" in found.why
    assert found.tries == ("mean price by city in old", "mean price by city in new")
    assert code(ask(found.tries[1], one, two)).startswith("new.")


def test_other_kinds_of_tables_are_left_alone() -> None:
    assert ask("describe df", table(type="polars.DataFrame", x="i64")).plan is None


def test_columns_are_not_made_up_before_the_cells_ran() -> None:
    source = 'df = pd.read_csv("penguins.csv")'
    found = ask("mean body mass by species", source=source)
    assert found.plan is None
    assert "The columns of df are not known yet: run the cells first." in found.why
    assert code(ask("show the first 3 rows", source=source)) == "df.head(3)"


def test_without_any_table_it_offers_to_load_a_file() -> None:
    found = ask("mean body mass by species", files=("penguins.csv", "notes.json"))
    assert found.plan is None
    assert found.tries == ("load penguins.csv", "load notes.json")


@pytest.mark.parametrize(
    ("file", "call"),
    [
        ("a.csv", 'a = pd.read_csv("a.csv")'),
        ("data/My Sales-2023.tsv", None),
        ("sales-2023.tsv", 'sales_2023 = pd.read_csv("sales-2023.tsv", sep="\\t")'),
        ("x.parquet", 'x = pd.read_parquet("x.parquet")'),
        ("x.json", 'x = pd.read_json("x.json")'),
        ("x.jsonl", 'x = pd.read_json("x.jsonl", lines=True)'),
        ("x.xlsx", 'x = pd.read_excel("x.xlsx")'),
        ("class.csv", 'df = pd.read_csv("class.csv")'),
        ("2024.csv.gz", 'df = pd.read_csv("2024.csv.gz")'),
    ],
)
def test_files(file: str, call: str | None) -> None:
    found = ask(f"load {file}")
    if call is None:
        assert found.plan is None
    else:
        assert code(found).splitlines()[2] == call


def test_an_import_is_added_only_where_it_is_missing() -> None:
    pandas = Variable("pd", "module", "pandas")
    assert code(ask("load a.csv")).startswith("import pandas as pd\n\n")
    assert code(ask("load a.csv", pandas)).startswith("a = ")
    assert code(ask("load a.csv", source="import pandas as pd\nx = 1")).startswith("a = ")


def test_a_name_in_use_is_not_taken() -> None:
    used = Variable("selected", "scalar", "int")
    found = code(ask("rows where species is Adelie", BIRDS, used))
    assert found == 'selected_2 = df[df["species"] == "Adelie"]\nselected_2'


def test_truth_values() -> None:
    frame = table(smoker="bool", tip="float64")
    assert code(ask("mean tip where smoker is true", frame)) == (
        'selected = df[df["smoker"]]\nselected["tip"].mean()'
    )
    assert 'df[~df["smoker"]]' in code(ask("rows where smoker is false", frame))
    assert ask("rows where smoker is yes", frame).plan is None


def test_groups_of_a_category_are_the_observed_ones() -> None:
    frame = table(kind="category", n="int64")
    assert code(ask("mean n by kind", frame)) == 'df.groupby("kind", observed=True)["n"].mean()'


def test_a_misspelling_is_put_right_as_an_offer() -> None:
    found = ask("mean body mass by spcies", BIRDS)
    assert found.plan is None
    assert "“spcies”" in found.why
    assert found.tries[0] == "mean body mass by species"


def test_a_long_text_is_not_for_rules() -> None:
    assert "one short sentence" in ask("mean body mass " * 100, BIRDS).why


TEXT = """
plot the mean of body mass by species histogram rows where is over 4000 "Adelie" and or not
    except sort top 5 show bill length depth horizontal bar chart load x.csv title in df , ? count
    distribution against without first second half only kg % = > < per each missing"""
WORDS = st.sampled_from(re.findall(r"\S+", TEXT))


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60))
def test_any_text_ends_in_valid_code_or_in_a_refusal(prompt: str) -> None:
    found = ask(prompt, BIRDS, source="df.plot()", files=("x.csv",))
    if found.plan is None:
        assert found.why
        assert all(ask(text, BIRDS, files=("x.csv",)).plan for text in found.tries)
    else:
        ast.parse(found.plan.code)
        known = {column.name for column in BIRDS.columns}
        tree = ast.parse(found.plan.code)
        used = {
            n.slice.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Subscript)
            and isinstance(n.slice, ast.Constant)
            and isinstance(n.slice.value, str)
        }
        assert used <= known


@given(
    st.lists(st.sampled_from(["mean", "body", "mass", "by", "species", "plot", "bar", "of"])),
    st.sampled_from(["except", "without", "not", "excluding", "unless", "only", "half", "kg", "%"]),
    st.integers(0, 9),
)
def test_a_word_that_it_does_not_know_is_never_passed_over(
    words: list[str], stranger: str, place: int
) -> None:
    words.insert(place, stranger)
    assert ask(" ".join(words), BIRDS).plan is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("df.plot()", 'ax = df.plot()\nax.set_title("Ä");'),
        ("x = 'ä'; df.plot.bar();", "x = 'ä'; ax = df.plot.bar();\nax.set_title(\"Ä\");"),
        ("chart = df.plot()", 'chart = df.plot()\nchart.set_title("Ä");'),
        ("ax = df.plot(title='old')", 'ax = df.plot(title="Ä")'),
        ("ax.set_title('old')  # why", 'ax.set_title("Ä")  # why'),
        ("plt.bar(x, y)\nplt.title('old')", 'plt.bar(x, y)\nplt.title("Ä")'),
        ("ax.set(xlabel='x')", None),
        ("ax = df.plot()\nax.set(xlabel='x')", "ax = df.plot()\nax.set(xlabel='x', title=\"Ä\")"),
        ("df.plot()\ndf.plot()", None),
        ("print(1)", None),
    ],
)
def test_setting_a_title(source: str, expected: str | None) -> None:
    changed = PlotCode(source)
    assert changed.set_text("title", "Ä") == (expected is not None)
    if expected is not None:
        assert changed.changed() == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("df.plot.bar(rot=0)", "df.plot.barh()"),
        ('df.plot(kind="bar")', 'df.plot(kind="barh")'),
        ("df.plot.bar(x='a', rot=0)", "df.plot.barh(x='a')"),
        ("plt.bar(x, y)\nplt.xlabel('x')", "plt.barh(x, y)\nplt.ylabel('x')"),
        ("ax = df.plot.bar()\nax.set_ylabel('n')", "ax = df.plot.barh()\nax.set_xlabel('n')"),
        ("df.plot.line()", None),
    ],
)
def test_turning_bars(source: str, expected: str | None) -> None:
    changed = PlotCode(source)
    assert changed.turn_bars(horizontal=True) == (expected is not None)
    if expected is not None:
        assert changed.changed() == expected
