-- CreateTable
CREATE TABLE "Book" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "members" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "e_mail" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "members_e_mail_key" ON "members"("e_mail");
