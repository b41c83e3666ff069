import { Menu } from "./page";

export const View = ({ count }: { count: number }) => (
  <p>
    Terms & conditions <Menu count={count} onClose={() => undefined} />
  </p>
);
