"""`offline:rules` beyond its examples: which table, which column, and what it will not guess."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_notebook.core.context import Column, Context, ContextCell, Variable
from llm_notebook.core.notebook import Cell
from llm_notebook.llm.offline.assistant import answer
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.sourcecode import SourceCode
from llm_notebook.llm.wire import About

PLAIN = About()


def table(name: str = "df", type: str = "pandas.DataFrame", **columns: str) -> Variable:
    described = tuple(Column(column, dtype) for column, dtype in columns.items())
    return Variable(name, "table", type, (3, len(columns)), described)


def ask(
    prompt: str,
    *variables: Variable,
    source: str = "",
    files: tuple[str, ...] = (),
    about: About = PLAIN,
) -> Result:
    cells = (ContextCell("c1", Cell("a", "code", source)),)
    context = Context(cells=cells, variables=variables, files=files)
    return answer(Scene(prompt, context, None, about))


def code(found: Result) -> str:
    assert isinstance(found, Plan), found
    return found.code


def refused(found: Result) -> Refusal:
    assert isinstance(found, Refusal), found
    return found


def asked(found: Result) -> dict[str, str]:
    assert isinstance(found, Question), found
    return dict(found.choices)


BIRDS = table(species="str", bill_length_mm="float64", bill_depth_mm="float64", Body_Mass="int64")


@pytest.mark.parametrize("name", ["Body_Mass", "body mass", "body-mass", "Body Masses", "bodyMass"])
def test_a_column_is_found_however_it_is_written(name: str) -> None:
    assert code(ask(f"mean {name} by species", BIRDS)) == (
        'df.groupby("species")["Body_Mass"].mean()'
    )


def test_a_name_that_fits_two_columns_is_asked_about() -> None:
    found = ask("mean bill by species", BIRDS)
    assert asked(found) == {
        "bill_length_mm": "mean bill_length_mm by species",
        "bill_depth_mm": "mean bill_depth_mm by species",
    }
    assert isinstance(found, Question)
    assert found.text.startswith("“bill” could be bill_length_mm or bill_depth_mm. Which")


def test_a_choice_is_not_followed_by_another_question() -> None:
    """Two doubts are one question; after an answer, a doubt is a refusal."""
    frame = table(net_price="int64", gross_price="int64", home_city="str", work_city="str")
    assert asked(ask("mean price by city", frame)) == {
        "net_price, home_city": "mean net_price by home_city",
        "net_price, work_city": "mean net_price by work_city",
        "gross_price, home_city": "mean gross_price by home_city",
        "gross_price, work_city": "mean gross_price by work_city",
    }
    answered = About(question="Which column?")
    assert "could be net_price" in refused(ask("mean price by city", frame, about=answered)).why
    # Nine choices are no question.
    many = {f"{kind}_{name}": "int64" for kind in ("price", "city") for name in ("u", "v", "w")}
    refused(ask("mean price by city", table(**many)))


def test_what_does_not_fit_is_not_a_choice() -> None:
    frame = table(bill_name="str", bill_length_mm="int64", bill_depth_mm="int64", species="str")
    assert list(asked(ask("mean bill by species", frame))) == ["bill_length_mm", "bill_depth_mm"]


def test_a_doubt_beside_an_unknown_word_is_no_question() -> None:
    found = refused(ask("mean bill by wingspan", BIRDS))
    assert "“bill” could be" in found.why
    assert "Not understood: “wingspan”" in found.why


def test_a_question_keeps_the_condition_and_the_table() -> None:
    homes = table("homes", price="int64", city="str")
    found = asked(ask('plot Body Mass by species where species is not "A b"', BIRDS, homes))
    assert found["total"] == (
        'plot the total Body_Mass by species in df where species is not "A b"'
    )
    assert code(ask(found["total"], BIRDS, homes)).startswith(
        'selected = df[df["species"] != "A b"]'
    )


def test_names_that_are_spelt_alike_are_quoted_in_choices() -> None:
    frame = table(**{"a b": "int64", "a_b": "int64", "k": "str"})
    found = asked(ask("mean A B by k", frame))
    assert found == {"a b": 'mean "a b" by k', "a_b": 'mean "a_b" by k'}
    assert code(ask(found["a_b"], frame)) == 'df.groupby("k")["a_b"].mean()'


def test_a_name_that_is_not_written_out_is_remarked() -> None:
    found = ask("mean depth by species", BIRDS)
    assert isinstance(found, Plan)
    assert "“depth” is read as bill_depth_mm." in found.why


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
    refused(ask("mean x", doubled))


def test_a_column_without_any_word_is_named_in_quotes() -> None:
    frame = table(**{"#": "int64", "№": "int64", "%": "float64", "k": "str"})
    assert code(ask('mean "#" by k', frame)) == 'df.groupby("k")["#"].mean()'
    refused(ask("mean of it by k", frame))


def test_the_table_that_has_the_columns_is_meant() -> None:
    assert code(ask("mean price by city", BIRDS, table("homes", price="int64", city="str"))) == (
        'homes.groupby("city")["price"].mean()'
    )


def test_two_tables_that_fit_are_asked_about() -> None:
    one, two = table("old", price="int64", city="str"), table("new", price="int64", city="str")
    found = ask("mean price by city", one, two)
    assert asked(found) == {"old": "mean price by city in old", "new": "mean price by city in new"}
    assert code(ask(asked(found)["new"], one, two)).startswith("new.")


def test_other_kinds_of_tables_are_left_alone() -> None:
    for kind in ("polars.LazyFrame", "duckdb.DuckDBPyRelation", "dask.dataframe.DataFrame"):
        found = refused(ask("describe df", table(type=kind, x="i64")))
        assert "Of df they know too little" in found.why


def test_columns_whose_names_are_no_texts_are_left_out() -> None:
    """Several levels, numbers and dates as names look like texts in a schema."""
    odd = table(**{"(a, b)": "int64", "2024-01-01 00:00:00": "int64", "None": "int64"})
    refused(ask("mean a", odd))
    refused(ask("histogram of (a, b)", odd))
    assert code(ask("describe df", odd)) == 'df.describe(include="all")'


def test_columns_are_not_made_up_before_the_cells_ran() -> None:
    source = 'df = pd.read_csv("penguins.csv")'
    found = ask("mean body mass by species", source=source)
    assert isinstance(found, Refusal)
    assert "The columns of df are not known yet: run the cells first." in found.why
    assert code(ask("show the first 3 rows", source=source)) == "df.head(3)"


def test_without_any_table_it_offers_to_load_a_file() -> None:
    found = ask("mean body mass by species", files=("penguins.csv", "notes.json"))
    assert isinstance(found, Refusal)
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
        refused(found)
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
    refused(ask("rows where smoker is yes", frame))


def test_groups_of_a_category_are_the_observed_ones() -> None:
    frame = table(kind="category", n="int64")
    assert code(ask("mean n by kind", frame)) == 'df.groupby("kind", observed=True)["n"].mean()'


def test_a_misspelling_is_put_right_as_an_offer() -> None:
    found = ask("mean body mass by spcies", BIRDS)
    assert isinstance(found, Refusal)
    assert "“spcies”" in found.why
    assert found.tries[0] == "mean body mass by species"


def test_a_long_text_is_not_for_rules() -> None:
    assert "one short sentence" in refused(ask("mean body mass " * 100, BIRDS)).why


TEXT = """
plot the mean of body mass by species histogram rows where is over 4000 "Adelie" and or not
    except sort top 5 show bill length depth horizontal bar chart load x.csv title in df , ? count
    distribution against without first second half only kg % = > < per each missing"""
WORDS = st.sampled_from(re.findall(r"\S+", TEXT))


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60))
def test_any_text_ends_in_valid_code_or_in_a_refusal(prompt: str) -> None:
    found = ask(prompt, BIRDS, source="df.plot()", files=("x.csv",))
    if isinstance(found, Refusal | Question):
        offered = found.tries if isinstance(found, Refusal) else asked(found).values()
        for text in offered:
            assert isinstance(ask(text, BIRDS, source="df.plot()", files=("x.csv",)), Plan)
    else:
        known = {column.name for column in BIRDS.columns}
        tree = ast.parse(code(found))
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
    assert not isinstance(ask(" ".join(words), BIRDS), Plan)


def test_the_total_of_a_column_that_is_called_as_its_table() -> None:
    sales = table("sales", region="str", sales="int64")
    assert code(ask("total sales by region", sales)) == 'sales.groupby("region")["sales"].sum()'
    rents = table("rents", rent="int64", district="str")
    for name in ("rent", "rents"):
        found = code(ask(f"total {name} by district", rents))
        assert found == 'rents.groupby("district")["rent"].sum()'
    assert 'rents["rent"] < 9' in code(ask("rents where rent is under 9", rents))
    assert code(ask("the last 2 rents", rents)) == "rents.tail(2)"
    refused(ask("top 2 rents", rents))
    # Where only the table is called so, these are its rows.
    calls = table("calls", region="str", minutes="int64")
    assert code(ask("total calls by region", calls)) == 'calls["region"].value_counts()'


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("'saless'", "'sales'"), ('"saless"', '"sales"'), ("'''saless'''", '"sales"')],
)
def test_a_mended_text_keeps_its_quotes(wrong: str, right: str) -> None:
    code = SourceCode(f"total = df[{wrong}].sum()  # all of them")
    (place,) = (node for node in code.nodes() if isinstance(node, ast.Constant))
    code.put_text(place, "sales")
    assert code.changed() == f"total = df[{right}].sum()  # all of them"


def test_a_text_that_does_not_fit_its_quotes_gets_others() -> None:
    code = SourceCode("df['Joes']")
    (place,) = (node for node in code.nodes() if isinstance(node, ast.Constant))
    code.put_text(place, "Joe's")
    assert code.changed() == 'df["Joe\'s"]'
