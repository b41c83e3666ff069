import Fastify from 'fastify'

const app = Fastify()
enum Size {
  small = 1,
  large = small + 1,
}
declare let started: number

app.get('/', () => {
  {
    const started = 1
    app.log.info(started)
  }
  started = 2
  const small: Size = Size.small
  return { small, started }
})
app.listen({ port: 3000 })
