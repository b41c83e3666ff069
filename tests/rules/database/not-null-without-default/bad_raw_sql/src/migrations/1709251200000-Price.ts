import { MigrationInterface, QueryRunner } from "typeorm";

export class Price1709251200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "item" ADD "price" integer NOT NULL`); // expect: database/not-null-without-default error
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "item" DROP COLUMN "price"`);
  }
}
