import { db } from './db'

export async function tagsOf(postId: number) {
  return db('posts_tags').where({ post_id: postId }).pluck('tag') // expect: query/unknown-table
}

export async function list() {
  return db('posts').join('authors', 'authors.id', 'posts.author_id').select('posts.id', 'authors.name')
}

export async function tag(postId: number, tag: string) {
  await db.transaction(async (trx) => {
    await trx('post_tags').insert({ post_id: postId, tag })
  })
}
