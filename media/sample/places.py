"""Six places, each painted as layers of light: a sky, what stands before it, the haze between."""

import cv2
import numpy as np
from numpy.random import Generator

from media.sample.brushes import (
    Canvas,
    distance,
    dune,
    foreground,
    fraction,
    glow_of,
    gradient,
    grid,
    lay,
    mix,
    noise,
    reflection,
    rgb,
    row_of_houses,
    row_of_trees,
    shine,
    skyline,
    smooth,
    stars,
    tent,
)


def sea_at_dawn(width: int, height: int, random: Generator) -> Canvas:
    """A sun that has just left the sea, clouds lit from below, its light on the water."""
    x, y = grid(width, height)
    horizon, sun_x = 0.56, 0.62
    upper = round(height * horizon)
    aspect = width / height
    above, below = horizon - y[:upper], np.clip(y[upper:] - horizon, 1e-4, None)
    from_sun = distance((x - sun_x) * aspect, above - 0.035)
    # Clouds lie flat: the nearer the horizon, the thinner the bands.
    depth = np.clip(above, 0.012, None)
    clouds = noise((x - 0.5) * aspect / (depth + 0.16) * 1.1, 0.9 / (depth + 0.13), random)
    clear = smooth(0.0, 0.10, above)
    warm = np.exp(from_sun * -2.6)
    sky = gradient(
        y[:upper],
        (0.0, (0.13, 0.20, 0.38)),
        (0.26, (0.37, 0.39, 0.56)),
        (0.42, (0.80, 0.56, 0.55)),
        (0.52, (0.99, 0.71, 0.47)),
        (horizon, (1.0, 0.83, 0.56)),
    )
    shade = mix(rgb(0.31, 0.29, 0.44), rgb(1.0, 0.56, 0.36), warm)
    sky = mix(sky, shade, smooth(0.50, 0.86, clouds) * (clear * 0.76))
    lining = smooth(0.46, 0.60, clouds) * (1 - smooth(0.60, 0.80, clouds))
    shine(sky, rgb(0.34, 0.20, 0.09), lining * warm * clear)
    shine(sky, rgb(0.36, 0.22, 0.07), np.exp(from_sun * -5.0))
    shine(sky, rgb(0.30, 0.24, 0.14), np.exp(-((from_sun / 0.11) ** 2)))
    lay(sky, rgb(1.35, 1.22, 0.98), smooth(0.044, 0.038, from_sun))

    perspective = 1 / (below + 0.018)
    waves = noise((x - sun_x) * aspect * perspective * 2.6, perspective * 7.0, random, octaves=4)
    fine = noise((x - sun_x) * aspect * perspective * 9.0 + 31, perspective * 24.0, random, octaves=3)
    height_of = (waves * 0.65 + fine * 0.35 - 0.5) * smooth(0.0, 0.03, below)
    water = gradient(
        below / (1 - horizon),
        (0.0, (0.86, 0.66, 0.53)),
        (0.12, (0.55, 0.46, 0.52)),
        (0.45, (0.24, 0.28, 0.42)),
        (1.0, (0.07, 0.12, 0.24)),
    )
    water = water * (1 + height_of * 1.1)
    path = np.exp(-(((x - sun_x) * aspect / (0.020 + below * 0.30)) ** 2))
    glitter = smooth(0.02, 0.17, height_of) * path * (1 - 0.55 * smooth(0.0, 0.44, below))
    shine(water, rgb(1.0, 0.62, 0.32), path * (0.20 * np.exp(-below * 5)))
    shine(water, rgb(1.0, 0.74, 0.44), glitter)
    return np.concatenate([sky, water], axis=1)


def forest_in_fog(width: int, height: int, random: Generator) -> Canvas:
    """Conifers, row behind row, each paler than the one before it, and a light that comes through."""
    x, y = grid(width, height)
    aspect = width / height
    light = np.exp(distance((x - 0.66) * aspect, y - 0.16) * -1.7)
    sky = gradient(y, (0.0, (0.62, 0.71, 0.72)), (0.45, (0.80, 0.84, 0.80)), (1.0, (0.70, 0.78, 0.77)))
    canvas: Canvas = sky + light * rgb(0.30, 0.22, 0.06)
    soft_x, soft_y = grid(width // 4, height // 4)
    rows = 9
    for row in range(rows):
        near = row / (rows - 1)
        ground = 0.46 + 0.52 * near**1.2
        tall = 0.16 + 0.66 * near**1.7
        trees = row_of_trees(width, height, ground, tall, random, spacing=0.26 + 0.16 * near)
        colour = mix(rgb(0.66, 0.75, 0.74), rgb(0.030, 0.080, 0.082), near**1.05)
        lay(canvas, colour, trees)
        shine(canvas, rgb(0.24, 0.20, 0.08) * (1 - near) ** 0.8, light * trees)
        fog = cv2.resize(noise(soft_x * 3, soft_y * 7, random, octaves=4), (width, height))
        low = np.exp(-(((y - ground - 0.06) / (0.13 + 0.10 * near)) ** 2)) + 0.75 * smooth(ground, ground + 0.2, y)
        thick = np.clip(low * (0.35 + 0.95 * fog), 0, 1) * (0.92 - 0.40 * near)
        lay(canvas, rgb(0.78, 0.84, 0.82), thick)
        shine(canvas, rgb(0.22, 0.15, 0.02), light * thick)
    # Shafts of light, fanned out from above the frame.
    angle = np.arctan2((x - 0.70) * aspect, y + 0.25)
    shafts = smooth(0.45, 0.95, noise(angle * 11, np.zeros_like(angle), random, octaves=3))
    fade = np.exp(-(((angle + 0.10) / 0.55) ** 2)) * (1 - smooth(0.25, 0.95, y))
    shine(canvas, rgb(1.0, 0.88, 0.58), shafts * fade * 0.20)
    return canvas


def dunes_at_dusk(width: int, height: int, random: Generator) -> Canvas:
    """Dunes, a bright side and a dark one to each, under the last light."""
    x, y = grid(width, height)
    aspect = width / height
    horizon = 0.46
    sky = gradient(
        y,
        (0.0, (0.16, 0.15, 0.33)),
        (0.20, (0.38, 0.25, 0.45)),
        (0.34, (0.76, 0.40, 0.44)),
        (0.44, (0.98, 0.62, 0.40)),
        (0.52, (1.0, 0.76, 0.50)),
    )
    glow = np.exp(distance((x - 0.24) * aspect * 0.75, (y - horizon) * 1.5) * -3.2)
    canvas: Canvas = sky + glow * rgb(0.36, 0.22, 0.05)
    soft_x, soft_y = grid(width // 4, height // 4)
    layers = 6
    for layer in range(layers):
        near = layer / (layers - 1)
        base = horizon + 0.005 + 0.46 * near**1.3
        tall = 0.03 + 0.20 * near**0.9
        waves = 5.5 - 3.6 * near**0.6
        wander = sum(0.13 / k * np.sin(x * (5.0 * k) + random.uniform(0, 6.28)) for k in (1, 2, 3))
        phase = random.uniform(0, 1)
        ridge = base - tall * dune(x * waves + phase + wander)
        front = foreground(ridge, y)
        below = y[front] - ridge
        # From each peak a crest winds down the dune and parts its bright side from its dark one.
        bend: Canvas = noise(soft_x * (2.4 - near), soft_y * 2.6 + 5 * layer, random, octaves=2) - 0.5
        bend = cv2.resize(cv2.GaussianBlur(bend, (0, 0), width / 1200), (width, height))[front]
        run = x + (0.34 + 0.5 * near) * below + (0.05 + 0.17 * near) * bend * smooth(0.0, 0.22, below)
        turn = fraction(run * waves + (phase + wander))
        lit = smooth(0.0, 0.022 + 0.10 * np.clip(below, 0, None), turn - 0.42) * (1 - smooth(0.80, 1.0, turn))
        lit = 1 - np.clip(lit, 0, 1)
        ripple = np.sin(2 * np.pi * (below * (52 - 22 * near) + 3.2 * bend + run * 7))
        ripple *= 0.030 * near * smooth(0.0, 0.10, below)
        bright = mix(rgb(0.98, 0.62, 0.44), rgb(0.90, 0.47, 0.27), near)
        dark = mix(rgb(0.66, 0.36, 0.44), rgb(0.20, 0.105, 0.19), near**0.8)
        sand = mix(dark, bright, lit)
        sand *= (1 + ripple * (0.4 + 0.6 * lit)) * (1 - 0.42 * near * smooth(0.0, 0.40, below))
        rim = np.exp(np.clip(below, 0, None) * (-1 / (0.003 + 0.007 * near))) * (0.25 + 0.75 * lit)
        shine(sand, rgb(0.20, 0.14, 0.07), rim)
        shine(sand, rgb(0.20, 0.09, 0.0), glow[front] * lit)
        lay(sand, rgb(0.98, 0.61, 0.45), 0.50 * (1 - near) ** 1.3)
        lay(canvas[:, front], sand, smooth(-0.0008, 0.0008, below))
    return canvas


def city_lights(width: int, height: int, random: Generator) -> Canvas:
    """A skyline after sunset, windows lit, doubled in still water."""
    shore = 0.66
    upper = round(height * shore)
    x, y = grid(width, upper)
    y = y * shore
    sky = gradient(
        y,
        (0.0, (0.045, 0.055, 0.16)),
        (0.26, (0.13, 0.11, 0.30)),
        (0.46, (0.40, 0.20, 0.42)),
        (0.58, (0.83, 0.40, 0.41)),
        (0.66, (1.0, 0.64, 0.42)),
    )
    clouds = noise(x * 3.0, y * 16, random, octaves=5)
    canvas = sky + smooth(0.50, 0.9, clouds) * smooth(0.05, 0.5, y) * rgb(0.16, 0.05, 0.05)
    lamps = np.zeros_like(canvas)
    for layer, (tallest, body, lights) in enumerate(
        (
            (0.26, (0.52, 0.28, 0.43), 0.0),
            (0.37, (0.30, 0.17, 0.35), 0.45),
            (0.50, (0.125, 0.085, 0.215), 1.0),
            (0.27, (0.050, 0.045, 0.12), 1.15),
        )
    ):
        row_of_houses(canvas, lamps, tallest / shore, rgb(*body), lights, layer, random)
        haze = 0.30 * (3 - layer) / 3 * smooth(0.34, shore, y)
        lay(canvas, rgb(0.95, 0.50, 0.43), haze)
    quay = np.clip((noise(x * 30, x * 0, random, octaves=5) - 0.45) * 6, 0, 1) * np.exp(-(((shore - y) / 0.004) ** 2))
    shine(lamps, rgb(1.3, 0.80, 0.40), quay)
    canvas += lamps
    canvas += glow_of(lamps, width / 400) * 0.9
    canvas += glow_of(lamps, width / 60) * 1.5
    shine(canvas, rgb(1.0, 0.52, 0.30), np.exp((y - shore) / 0.05) * 0.16)

    lower = height - upper
    mirror = canvas[:, ::-1][:, :lower]
    if mirror.shape[1] < lower:
        mirror = np.pad(mirror, ((0, 0), (0, lower - mirror.shape[1]), (0, 0)), mode="edge")
    depth = np.linspace(0, 1, lower, dtype=np.float32)[:, None]
    sway = noise(np.linspace(0, 14, width, dtype=np.float32)[None, :], 60 / (depth + 0.25), random) - 0.5
    columns = np.arange(width, dtype=np.float32)[None, :] + sway * (width * 0.016) * (0.3 + depth)
    rows = np.arange(lower, dtype=np.float32)[:, None] + sway * (height * 0.05)
    smear = (max(1, width // 700), max(1, height // 40))
    water = reflection([cv2.blur(plane, smear) for plane in mirror], columns, rows)
    water *= (1.02 - 0.42 * depth) * (1 - 0.6 * np.exp(-((depth / 0.010) ** 2))) * (1 + sway * 0.30)
    water *= rgb(0.86, 0.84, 1.0)
    return np.concatenate([canvas, water], axis=1)


def aurora(width: int, height: int, random: Generator) -> Canvas:
    """Curtains of green and violet above snow mountains, and again in the lake below."""
    shore = 0.70
    upper = round(height * shore)
    x, y = grid(width, upper)
    y = y * shore
    canvas = stars(width, upper, random, density=0.00042)
    canvas += gradient(y, (0.0, (0.010, 0.022, 0.065)), (0.40, (0.022, 0.065, 0.125)), (0.70, (0.05, 0.15, 0.19)))
    green, teal, violet = rgb(0.30, 1.0, 0.50), rgb(0.12, 0.82, 0.66), rgb(0.62, 0.26, 0.86)
    for curtain in range(4):
        foot = 0.50 - 0.085 * curtain + 0.105 * (skyline(x[0], 1.3 + 0.5 * curtain, 1.0, random) - 0.5) * 2
        foot = foot + 0.10 * np.sin(x[0] * (3.0 + curtain) + random.uniform(0, 6))
        above = foot[None, :] - y
        rays = noise(x * (20 + 5 * curtain) + foot[None, :] * 34, np.zeros_like(x), random, octaves=4)
        broad = noise(x * 4.5, np.full_like(x, curtain * 7.0), random, octaves=2)
        strength = (0.22 + 0.78 * smooth(0.25, 0.85, rays)) * smooth(0.30, 0.70, broad)
        reach = 0.06 + 0.20 * rays * (0.4 + broad)
        falloff = np.exp(np.clip(above, 0, None) * (-1 / reach)) * smooth(-0.030, 0.016, above)
        hue = np.clip(above / 0.36, 0, 1)
        colour = mix(green, teal, smooth(0.0, 0.4, hue))
        lay(colour, violet, smooth(0.25, 0.95, hue))
        shine(canvas, colour, falloff * (strength * (0.95 - 0.13 * curtain)))
    canvas += glow_of(canvas, width / 60) * rgb(0.30, 0.36, 0.34)

    for layer, (base, tall, rough) in enumerate(((0.635, 0.215, 2.4), (0.675, 0.135, 3.4), (0.70, 0.055, 6.0))):
        ridge = base - tall * skyline(x[0], rough, 1.0, random, octaves=8)
        front = foreground(ridge, y)
        below = y[front] - ridge
        # Spurs run down from the ridge; the light from above their left flank draws them.
        drop = below / tall
        spurs = np.abs(noise(x * rough * 7 + drop * 0.9, drop * 1.5 + 9 * layer, random, octaves=5) - 0.5)
        flank = np.gradient(cv2.GaussianBlur(spurs, (0, 0), width / 1600), axis=1) * width / (rough * 9)
        white = smooth(-0.45, 0.75, flank + 0.15) * (1 - smooth(0.35, 1.25, drop + 0.8 * (spurs - 0.2)))
        white *= (1.0, 0.55, 0.0)[layer]
        rock = rgb(*((0.045, 0.090, 0.125), (0.024, 0.052, 0.080), (0.007, 0.017, 0.026))[layer])
        lit = rgb(0.23, 0.43, 0.46)
        mountain = mix(rock, lit, white)
        mist = smooth(0.3, 1.0, below / max(tall, 0.06)) * (0.30, 0.22, 0.0)[layer]
        lay(mountain, rgb(0.07, 0.22, 0.23), mist)
        lay(canvas[:, front], mountain, smooth(-0.0006, 0.0006, below))
    trees = row_of_trees(width, upper, 0.985, 0.070, random, spacing=0.30)
    lay(canvas, rgb(0.004, 0.012, 0.017), trees)

    lower = height - upper
    depth = np.linspace(0, 1, lower, dtype=np.float32)[:, None]
    sway = noise(np.linspace(0, 10, width, dtype=np.float32)[None, :], 40 / (depth + 0.22), random) - 0.5
    # A lake shows the sky from below: the mirror reaches a little higher than it is deep.
    rows = (upper - 1) - depth * (upper * 0.62) + sway * (height * 0.03) * (0.2 + depth)
    columns = np.arange(width, dtype=np.float32)[None, :] + sway * (width * 0.006)
    soft = [cv2.GaussianBlur(plane, (0, 0), sigmaX=width / 1400, sigmaY=height / 240) for plane in canvas]
    lake = reflection(soft, columns, rows)
    lake *= 0.72 - 0.30 * depth
    lake += rgb(0.004, 0.012, 0.02) + np.exp(-((depth / 0.010) ** 2)) * rgb(0.03, 0.09, 0.09)
    return np.concatenate([canvas, lake], axis=1)


def milky_way(width: int, height: int, random: Generator) -> Canvas:
    """The galaxy over a dark ridge, and one tent with a lamp in it."""
    x, y = grid(width, height)
    aspect = width / height
    sky = gradient(
        y,
        (0.0, (0.018, 0.026, 0.075)),
        (0.47, (0.048, 0.072, 0.150)),
        (0.67, (0.16, 0.155, 0.205)),
        (0.78, (0.46, 0.31, 0.23)),
    )
    along = (x - 0.58) * aspect * 0.52 + (y - 0.36) * 0.854
    across = (x - 0.58) * aspect * 0.854 - (y - 0.36) * 0.52
    wobble = (noise(along * 4, across * 4, random) - 0.5) * 0.15
    band = np.exp(-(((across + wobble) / 0.19) ** 2))
    core = np.exp(-(((along - 0.20) / 0.42) ** 2))
    clouds = noise(along * 5 + 3, across * 8, random)
    dust = noise(along * 4.2 + 11, (across + wobble) * 10, random)
    lane = np.exp(-(((across - 0.012 + wobble * 1.3) / 0.075) ** 2))
    light = band * (0.30 + 0.95 * clouds) * (0.45 + 0.75 * core)
    light *= 1 - 0.90 * smooth(0.44, 0.74, dust + 0.20 * lane) * (0.30 + 0.70 * lane)
    tint = mix(rgb(0.44, 0.52, 0.78), rgb(0.98, 0.76, 0.60), core * band)
    canvas = sky + light * 0.80 * tint
    nebula = smooth(0.60, 0.9, noise(along * 9 + 5, across * 9 + 2, random, octaves=4)) * band * core
    shine(canvas, rgb(0.42, 0.08, 0.20), nebula * 0.6)
    fade = 1 - smooth(0.52, 0.78, y)
    canvas += stars(width, height, random, density=0.0016) * fade
    canvas += stars(width, height, random, density=0.0110, brightest=0.50) * (light * 1.9 * fade)

    for layer, (base, tall, body) in enumerate(
        (
            (0.745, 0.085, (0.062, 0.060, 0.092)),
            (0.795, 0.055, (0.026, 0.027, 0.046)),
            (0.822, 0.026, (0.008, 0.009, 0.016)),
        )
    ):
        ridge = base - tall * skyline(x[0], 2.2 + layer, 1.0, random, octaves=7)
        front = foreground(ridge, y)
        lay(canvas[:, front], rgb(*body), smooth(-0.0007, 0.0007, y[front] - ridge))
    trees = row_of_trees(width, height, 0.850, 0.075, random, spacing=0.8, gap=(0.20, 0.42))
    lay(canvas, rgb(0.006, 0.007, 0.012), trees)
    tent(canvas, x, y, 0.31, 0.818, 0.048)
    return canvas
