import pandas

print(pandas.read_csv("people.csv"))
