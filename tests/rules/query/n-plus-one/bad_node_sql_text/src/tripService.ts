import { TripRepository } from './tripRepository'

export class TripService {
  private readonly trips = new TripRepository()

  async page(limit: number) {
    const found = await this.trips.page(limit)
    const trips = await Promise.all(
      found.trips.map(async (trip) => ({ ...trip, stops: await this.trips.stopsOf(trip.id) })), // expect: query/n-plus-one
    )
    return { trips, total: found.total }
  }
}
