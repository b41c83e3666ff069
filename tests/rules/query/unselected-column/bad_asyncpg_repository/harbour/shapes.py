def berth_shape(row):
    return {
        "id": row["id"],
        "name": row["name"],
        "harbour": row["harbour"],
        "length": row["berthLength"],  # expect: query/unselected-column
    }


def line_shape(berth):
    return {"name": berth["name"], "harbour": berth["harbour"]}  # expect: query/unselected-column
