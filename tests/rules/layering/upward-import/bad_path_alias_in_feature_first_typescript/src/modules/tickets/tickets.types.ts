export interface Ticket {
  id: number;
  title: string;
}
