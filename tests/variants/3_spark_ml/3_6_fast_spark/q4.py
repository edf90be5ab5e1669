# %% wrong: two_dice
# hint: does each note wait for it under every salt
def salted_notes(flights, notes, salts):
    left = flights.withColumn("salt", (F.rand(1) * salts).cast("int"))
    right = notes.withColumn("salt", (F.rand(2) * salts).cast("int"))
    return left.join(right.hint("merge"), ["carrier", "salt"]).drop("salt")


# %% wrong: salt_not_in_the_key
# hint: There are too many rows
def salted_notes(flights, notes, salts):
    copies = notes.crossJoin(spark.range(salts).withColumnRenamed("id", "salt"))
    left = flights.withColumn("mine", F.pmod(F.hash(*flights.columns), F.lit(salts)))
    return left.join(copies.hint("merge"), "carrier").drop("salt", "mine")


# %% wrong: dealt_out_afterwards
# hint: The rows are dealt out anew after the join
# hint: There are more than two shuffles
def salted_notes(flights, notes, salts):
    return flights.join(notes.hint("merge"), "carrier").repartition(salts)


# %% wrong: notes_copied
# hint: A table is copied to every task
def salted_notes(flights, notes, salts):
    return flights.join(F.broadcast(notes), "carrier")


# %% wrong: the_slow_job
# hint: One task of the join still gets nearly all rows
def salted_notes(flights, notes, salts):
    return slow_notes(flights, notes)


# %% wrong: salt_of_the_carrier
# hint: has it more than one value for a single carrier
# hint: all its flights have the same salt
def salted_notes(flights, notes, salts):
    left = flights.withColumn("salt", F.pmod(F.hash("carrier"), F.lit(salts)))
    right = notes.withColumn("salt", F.explode(F.array(*[F.lit(i) for i in range(salts)])))
    return left.join(right.hint("merge"), ["carrier", "salt"]).drop("salt")


# %% wrong: salt_left_in
# hint: is the salt still there?
def salted_notes(flights, notes, salts):
    left = flights.withColumn("salt", (F.rand(1) * salts).cast("int"))
    right = notes.withColumn("salt", F.explode(F.array(*[F.lit(i) for i in range(salts)])))
    return left.join(right.hint("merge"), ["carrier", "salt"])


# %% right: die_and_cross_join
def salted_notes(flights, notes, salts):
    numbers = F.broadcast(spark.range(salts).withColumnRenamed("id", "_salt"))
    left = flights.withColumn("_salt", F.floor(F.rand(7) * salts))
    return left.join(notes.crossJoin(numbers), ["carrier", "_salt"]).drop("_salt")


# %% right: one_salted_key
def salted_notes(flights, notes, salts):
    left = flights.withColumn("key", F.concat_ws("#", "carrier", F.monotonically_increasing_id() % salts)).where("carrier IS NOT NULL")
    right = notes.withColumn("salt", F.explode(F.array(*[F.lit(i) for i in range(salts)])))
    right = right.where("carrier IS NOT NULL").withColumn("key", F.concat_ws("#", "carrier", "salt")).drop("carrier", "salt")
    return left.join(right.hint("shuffle_hash"), "key").drop("key")
