import mysql from 'mysql2/promise';

const pool = mysql.createPool({ uri: process.env.DATABASE_URL });

export async function pay(id: number): Promise<void> {
  const connection = await pool.getConnection(); // expect: orm/unclosed-session
  await connection.beginTransaction();
  await connection.execute('UPDATE fines SET paid = 1 WHERE id = ?', [id]);
  await connection.commit();
  connection.release();
}
