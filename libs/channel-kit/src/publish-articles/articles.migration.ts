import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Articles that were missing in the shop's last list, and what people should look at. */
export class ArticleLists1765100000100 implements MigrationInterface {
  name = 'ArticleLists1765100000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE articles ADD missing boolean NOT NULL DEFAULT false;
      CREATE INDEX articles_shop_article_id ON articles (shop_article_id);

      CREATE TABLE refused_articles (
        article text COLLATE "C" NOT NULL,
        reason text NOT NULL,
        fields text[] NOT NULL,
        text text NOT NULL,
        since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (article, reason)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_articles; ALTER TABLE articles DROP missing');
  }
}
