"""Layers of the tagger's file."""

import numpy as np

from sampan.understand.layers import layer


def test_a_layer_is_turned_and_scaled():
    arrays = {
        "x": np.array([[1, 2], [3, 4], [5, 6]], np.int8),
        "x_scale": np.array([[1.0], [0.5], [2.0]], np.float32),
        "x_bias": np.array([7.0, 8.0, 9.0], np.float32),
    }
    weight, bias = layer(arrays, "x")
    assert weight.tolist() == [[1.0, 1.5, 10.0], [2.0, 2.0, 12.0]]
    assert bias.tolist() == [7.0, 8.0, 9.0]


def test_a_layer_may_have_no_bias():
    arrays = {"x": np.ones((2, 2), np.int8), "x_scale": np.ones((2, 1), np.float32)}
    assert layer(arrays, "x")[1].tolist() == [0.0]
