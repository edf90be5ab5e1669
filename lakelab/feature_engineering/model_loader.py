"""What MLflow loads a logged model by, for serving: features come from an online store.

``mlflow models serve`` and ``mlflow.pyfunc.load_model`` end here; batches are scored by ``score_batch``, without this module.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakelab.feature_engineering import online_store, spec
from lakelab.feature_engineering.spec import ColumnSpec, FeatureSpec

if TYPE_CHECKING:
    import pandas as pd

_NUMBERS = ("smallint", "int", "bigint", "float", "double")


class ServingModel:
    """A model that completes requests from the online tables that its feature tables are published to."""

    def __init__(self, raw: Any, feature_spec: FeatureSpec | None) -> None:
        """Wrap the loaded model ``raw``; without a spec it gets the requests as they are."""
        self._raw = raw
        self._spec = feature_spec
        if feature_spec is not None and feature_spec.functions:
            names = ", ".join(str(column.udf_name) for column in feature_spec.functions)
            raise ValueError(f"This model computes features by {names}, functions of Spark: score it by score_batch.")

    def predict(self, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> Any:
        """Predict for rows with lookup keys and source columns. Columns that are features override the online store.

        Raises:
            ValueError: a column is missing, or a feature table is not published.
        """
        arguments = {} if params is None else {"params": params}
        if self._spec is None:
            return self._raw.predict(model_input, **arguments)
        if missing := [name for name in self._spec.required if name not in model_input.columns]:
            raise ValueError(f"The request lacks {', '.join(map(repr, missing))}.")
        full = model_input.copy()
        groups: dict[tuple[str, ...], list[ColumnSpec]] = {}
        for column in self._spec.lookups:
            if column.name not in model_input.columns:
                groups.setdefault((str(column.table), *column.lookup_key), []).append(column)
        for (source, *keys), columns in groups.items():
            self._look_up(full, source, keys, columns)
        return self._raw.predict(full[self._spec.inputs], **arguments)

    @staticmethod
    def _look_up(full: pd.DataFrame, source: str, keys: list[str], columns: list[ColumnSpec]) -> None:
        import pandas as pd

        published = online_store.tables(source)
        if not published:
            raise ValueError(f"Feature table '{source}' is in no online store: publish it by publish_table.")
        asked = full[keys].astype(object).itertuples(index=False, name=None)
        rows = published[0].look_up(list(asked), [str(column.feature) for column in columns])
        for column in columns:
            found = [None if row is None else row[str(column.feature)] for row in rows]
            values = pd.Series([column.default_value if value is None else value for value in found], index=full.index)
            full[column.name] = values.astype("float64") if column.type in _NUMBERS and values.isna().any() else values


def _load_pyfunc(path: str) -> ServingModel:
    """Load a model; MLflow calls this with the folder of its data."""
    import mlflow.pyfunc

    folder = Path(path)
    file = folder / "feature_spec.yaml"
    found = spec.from_yaml(file.read_text(encoding="utf-8"), str(file)) if file.is_file() else None
    return ServingModel(mlflow.pyfunc.load_model(str(folder / "raw_model")), found)
