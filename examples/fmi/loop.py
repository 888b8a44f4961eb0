"""A cart, a spiking controller that moves it by 1 m, and the loop between them.

    python3 loop.py cart.fmu [COMMUNICATION_STEPS] [SECONDS]

The cart (1 kg, with friction) is solved here; the controller is a unit of FMI, which any other tool could step as well. Every 5 ms,
which are 5 steps of the network, it is told the distance that is left and the cart's velocity. Its first 8 neurons push forward, the
others back, and how often they spiked says how hard.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from unit import Unit

FORCE = 20.0  # N, where all neurons of a side spike in every step
FRICTION = 0.5  # N s/m
TARGET = 1.0  # m


class Cart:
    position = velocity = 0.0

    def step(self, force, dt):
        self.velocity += dt * (force - FRICTION * self.velocity)
        self.position += dt * self.velocity


def run(path, steps=5, seconds=6.0):
    """Yields time, position, force, the inputs and the counts, after each communication step."""
    cart = Cart()
    with Unit(path) as controller:
        for _ in range(round(seconds / (steps * controller.dt))):
            inputs = [TARGET - cart.position, cart.velocity]
            controller.set("input", inputs)
            controller.step(steps * controller.dt)
            counts = controller.get("output.count")
            side = len(counts) // 2
            force = FORCE * (sum(counts[:side]) - sum(counts[side:])) / (side * steps)
            for _ in range(steps):
                cart.step(force, controller.dt)
            yield controller.time, cart.position, force, inputs, counts


def main():
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 6.0
    spikes = 0
    print("time [s]  position [m]  force [N]")
    for number, (time, position, force, _, counts) in enumerate(run(sys.argv[1], steps, seconds)):
        spikes += sum(counts)
        if number % (500 // steps) == 500 // steps - 1:
            print(f"{time:8.1f}  {position:12.3f}  {force:9.2f}")
    print(f"{spikes} spikes")


if __name__ == "__main__":
    main()
