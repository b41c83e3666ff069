"""Reading `schema.prisma`."""

from __future__ import annotations

import random

import pytest

from ci_gate.codemodel.prisma.parse import parse

SCHEMA = """\ufeff// the shop
generator client {
  provider = "prisma-client" // not the old one
  output   = "../src/generated/prisma"
}
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
/* a block
   comment */
enum Size { SMALL
  LARGE @map("xl")
}
model Customer {
  id       String   @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  mail     String   @unique @map("e_mail") /// with a } brace
  nick     String?
  tags     String[] @default(["a", "b"])
  sizes    Size[]
  orders   Order[]
  referrer Customer?  @relation("Refers", fields: [referrerId], references: [id])
  referrerId String? @db.Uuid
  referred Customer[] @relation("Refers")
  place    Unsupported("point")?
  extra    Json @default("{\\"a\\": 1}")
  @@map("customers")
  @@index([nick(ops: raw("text_ops"))], type: Gin)
}
model Order {
  number   Int
  year     Int
  customer Customer @relation(
    fields: [customerId], // the key
    references: [id]
  )
  customerId String
  changed  DateTime @updatedAt
  @@id([year, number])
  @@unique([customerId, number(sort: Desc)], name: "perCustomer", map: "uq")
  @@schema("sales")
}
type Point { x Int }
view Summary {
  id Int @unique
}
"""


def test_models_and_fields() -> None:
    schema = parse({"prisma/schema.prisma": SCHEMA}, "prisma")
    assert (schema.provider, schema.complete) == ("postgresql", True)
    assert schema.outputs == ("../src/generated/prisma",)
    assert schema.enums == {"Size": ("SMALL", "LARGE")}
    assert [item.kind for item in schema.models.values()] == ["model", "model", "type", "view"]
    customer = schema.models["Customer"]
    assert customer.known
    assert customer.table == "customers"
    mail = customer.fields["mail"]
    assert (mail.column, mail.unique, mail.optional, mail.line) == ("e_mail", True, False, 17)
    assert customer.fields["tags"].many
    assert customer.fields["tags"].default
    assert not customer.fields["place"].known
    assert [item.name for item in customer.relations()] == ["orders", "referrer", "referred"]
    assert customer.fields["referrer"].relation_name == "Refers"


def test_keys() -> None:
    order = parse({"schema.prisma": SCHEMA}).models["Order"]
    assert order.known
    assert order.primary == ("year", "number")
    assert order.uniques == {
        "year_number": ("year", "number"), "perCustomer": ("customerId", "number"),
    }  # fmt: skip
    customer = order.fields["customer"]
    assert (customer.keys, customer.references) == (("customerId",), ("id",))
    assert order.fields["changed"].renewed


def test_several_files_are_one_schema() -> None:
    schema = parse({
        "s/a.prisma": "model A {\n id Int @id\n b B[]\n}\n",
        "s/b.prisma": "model B {\n id Int @id\n a A @relation(fields: [aId], references: [id])\n"
                      " aId Int\n}\n",
    })  # fmt: skip
    assert schema.models["A"].fields["b"].target == "B"
    assert schema.models["B"].fields["a"].target == "A"


@pytest.mark.parametrize(
    ("line", "model_known"),
    [
        ("name String @default(", False), ("name", False), ("name String @@ 4", False),
        ("name String @map(name: \"n\")", True), ("$$$", False),
        ("name String @default(now())", True),
    ],
)  # fmt: skip
def test_what_cannot_be_read_makes_its_model_unknown(line: str, model_known: bool) -> None:
    schema = parse({"p": f"model A {{\n id Int @id\n {line}\n}}\nmodel B {{\n id Int @id\n}}\n"})
    assert schema.models["A"].known is model_known
    assert schema.models["B"].known


def test_unknown_blocks_make_the_schema_incomplete() -> None:
    assert not parse({"p": "modle A {\n id Int\n}\n\nmodel B\n{\n id Int @id"}).complete
    assert not parse({"p": "model {\n}\n"}).complete


def test_garbage_never_raises() -> None:
    chooser = random.Random(6)
    for _ in range(300):
        text = list(SCHEMA)
        for _ in range(chooser.randrange(1, 40)):
            at = chooser.randrange(len(text))
            text[at] = chooser.choice(["", "{", "}", "(", ")", "[", "@", '"', "\n", "//", "\0"])
        parse({"p": "".join(text)})
    parse({"p": "model A {\n id Int @default(" + "[" * 50_000 + "\n}"})
