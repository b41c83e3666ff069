import Fastify from 'fastify'
import { injectable } from 'tsyringe'
import { Queue, type Clock } from './clock'

@injectable()
class Mailer {
  constructor(private readonly clock: Clock, private queue: Queue) {}

  send() {
    this.queue.flush()
    return this.clock.now()
  }
}

interface Report {
  render(): string
}
class Report {
  lines: string[] = []
}

const app = Fastify()
app.get('/', () => new Report().render() + new Mailer({ now: () => 1 }, new Queue()).send())
app.listen({ port: 3000 })
