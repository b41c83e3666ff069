const follows = new Set();

export function follow(follower, followed) {
  follows.add(`${follower}/${followed}`);
}
