"""Stand-ins for seaborn's example tables, so that its notebooks run without a network.

They have the columns and kinds of values of the originals, and values drawn
with a fixed seed; whether a preview shows what the cell then does is the same
with both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def write(folder: Path) -> None:
    """One CSV file a table, as ``seaborn.load_dataset`` keeps them."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(7)

    def one(values: Any, size: int) -> Any:
        return rng.choice(values, size)

    def near(middle: float, spread: float, size: int) -> Any:
        return rng.normal(middle, spread, size).round(2)

    folder.mkdir(parents=True)
    n = 240
    tables = {
        "tips": {
            "total_bill": near(20, 4, n),
            "tip": near(3, 0.6, n),
            "sex": one(["Male", "Female"], n),
            "smoker": one(["Yes", "No"], n),
            "day": one(["Thur", "Fri", "Sat", "Sun"], n),
            "time": one(["Lunch", "Dinner"], n),
            "size": rng.integers(1, 7, n),
        },
        "penguins": {
            "species": one(["Adelie", "Chinstrap", "Gentoo"], n),
            "island": one(["Biscoe", "Dream", "Torgersen"], n),
            "bill_length_mm": near(44, 5, n),
            "bill_depth_mm": near(17, 2, n),
            "flipper_length_mm": near(200, 14, n),
            "body_mass_g": near(4200, 800, n),
            "sex": one(["MALE", "FEMALE"], n),
        },
        "diamonds": {
            "carat": rng.gamma(3, 0.25, 3000).round(2) + 0.1,
            "cut": one(["Ideal", "Premium", "Very Good", "Good", "Fair"], 3000),
            "color": one(list("DEFGHIJ"), 3000),
            "clarity": one(["IF", "VVS1", "VVS2", "VS1", "VS2", "SI1", "SI2", "I1"], 3000),
            "depth": near(61, 1.4, 3000),
            "table": near(57, 2, 3000),
            "price": rng.integers(300, 19000, 3000),
            "x": near(5.7, 1, 3000),
            "y": near(5.7, 1, 3000),
            "z": near(3.5, 0.6, 3000),
        },
        "titanic": {
            "survived": one([0, 1], n),
            "pclass": one([1, 2, 3], n),
            "sex": one(["male", "female"], n),
            "age": near(30, 12, n),
            "sibsp": one([0, 1, 2], n),
            "parch": one([0, 1, 2], n),
            "fare": rng.gamma(2, 16, n).round(2),
            "embarked": one(["S", "C", "Q"], n),
            "class": one(["First", "Second", "Third"], n),
            "who": one(["man", "woman", "child"], n),
            "adult_male": one([True, False], n),
            "deck": one(list("ABCDEFG"), n),
            "embark_town": one(["Southampton", "Cherbourg", "Queenstown"], n),
            "alive": one(["yes", "no"], n),
            "alone": one([True, False], n),
        },
        "fmri": {
            "subject": one([f"s{i}" for i in range(14)], 800),
            "timepoint": rng.integers(0, 19, 800),
            "event": one(["stim", "cue"], 800),
            "region": one(["parietal", "frontal"], 800),
            "signal": near(0, 0.1, 800),
        },
        "mpg": {
            "mpg": near(23, 7, n),
            "cylinders": one([4, 6, 8], n),
            "displacement": near(190, 60, n),
            "horsepower": near(104, 30, n),
            "weight": rng.integers(1600, 5000, n),
            "acceleration": near(15, 2, n),
            "model_year": rng.integers(70, 83, n),
            "origin": one(["usa", "japan", "europe"], n),
            "name": one(["one car", "another car"], n),
        },
        "iris": {
            "sepal_length": near(5.8, 0.8, 150),
            "sepal_width": near(3, 0.4, 150),
            "petal_length": near(3.7, 1.7, 150),
            "petal_width": near(1.2, 0.7, 150),
            "species": one(["setosa", "versicolor", "virginica"], 150),
        },
        "dots": {
            "align": one(["dots", "sacc"], 800),
            "choice": one(["T1", "T2"], 800),
            "time": rng.integers(-30, 35, 800) * 20,
            "coherence": one([0.0, 3.2, 6.4, 12.8, 25.6, 51.2], 800),
            "firing_rate": near(40, 9, 800),
        },
        "anscombe": {
            "dataset": np.repeat(["I", "II", "III", "IV"], 11),
            "x": near(9, 3, 44),
            "y": near(7.5, 2, 44),
        },
        "planets": {
            "method": one(["Radial Velocity", "Transit", "Imaging"], n),
            "number": one([1, 2, 3], n),
            "orbital_period": rng.gamma(1, 400, n).round(3) + 0.1,
            "mass": rng.gamma(1, 2.5, n).round(3) + 0.01,
            "distance": rng.gamma(2, 100, n).round(2) + 1,
            "year": rng.integers(1989, 2015, n),
        },
        "geyser": {
            "duration": near(3.5, 1, n),
            "waiting": near(70, 13, n),
            "kind": one(["long", "short"], n),
        },
        "attention": {
            "": np.arange(60),
            "subject": np.tile(np.arange(1, 21), 3),
            "attention": one(["divided", "focused"], 60),
            "solutions": np.repeat([1, 2, 3], 20),
            "score": near(6, 1.5, 60),
        },
        "anagrams": {
            "subidr": np.arange(20),
            "attnr": one(["divided", "focused"], 20),
            "num1": rng.integers(2, 9, 20),
            "num2": rng.integers(2, 9, 20),
            "num3": rng.integers(2, 9, 20),
        },
        "glue": {
            "Model": np.repeat([f"model {i}" for i in range(8)], 8),
            "Year": np.repeat(rng.integers(2018, 2022, 8), 8),
            "Encoder": np.repeat(one(["Transformer", "LSTM"], 8), 8),
            "Task": np.tile(["CoLA", "MNLI", "MRPC", "QNLI", "QQP", "RTE", "SST-2", "STS-B"], 8),
            "Score": near(75, 12, 64),
        },
        "healthexp": {
            "Year": np.repeat(np.arange(1970, 2021), 6),
            "Country": np.tile(
                ["Canada", "France", "Germany", "Japan", "Great Britain", "USA"], 51
            ),
            "Spending_USD": near(2500, 900, 306),
            "Life_Expectancy": near(77, 3, 306),
        },
        "seaice": {
            "Date": pd.date_range("1980-01-01", "2019-12-31", freq="D").astype(str),
            "Extent": near(11, 3, len(pd.date_range("1980-01-01", "2019-12-31", freq="D"))),
        },
        "dowjones": {
            "Date": pd.date_range("1914-12-01", periods=649, freq="MS").astype(str),
            "Price": near(300, 90, 649),
        },
        "flights": {
            "year": np.repeat(np.arange(1949, 1961), 12),
            "month": np.tile(pd.date_range("1949-01-01", periods=12, freq="MS").month_name(), 12),
            "passengers": rng.integers(100, 620, 144),
        },
    }
    for name, columns in tables.items():
        pd.DataFrame(columns).to_csv(folder / f"{name}.csv", index=False)
