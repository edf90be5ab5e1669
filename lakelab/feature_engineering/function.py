"""`FeatureFunction`: a feature computed from others by a function that is known to Spark."""

from __future__ import annotations


class FeatureFunction:
    """A feature computed on demand.

    On Databricks ``udf_name`` is a Python UDF of Unity Catalog. Here it is a function of the Spark session: one that
    ``CREATE FUNCTION schema.name(x DOUBLE) RETURNS DOUBLE RETURN …`` made, or one that ``spark.udf.register("name", …)``
    registered, which is found by the last part of ``udf_name``. Arguments are passed by name.
    """

    def __init__(
        self, *, udf_name: str, input_bindings: dict[str, str] | None = None, output_name: str | None = None
    ) -> None:
        """Describe a computed feature.

        Args:
            udf_name: name of the function; letter case does not matter.
            input_bindings: the function's parameter to the column of the training set that it takes.
            output_name: name of the new column, by default the function's.

        Raises:
            ValueError: there is no function name.
        """
        if not udf_name:
            raise ValueError("A FeatureFunction needs the name of a function: udf_name.")
        self.udf_name = udf_name.lower()
        self.input_bindings = dict(input_bindings or {})
        self.output_name = output_name or self.udf_name

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={column}" for name, column in self.input_bindings.items())
        return f"<FeatureFunction {self.output_name} = {self.udf_name}({arguments})>"
