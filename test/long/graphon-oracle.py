"""Answers questions about values with graphon, the engine that Dify runs flows with: one JSON object a line in, one out.

Needs Python 3.12 or newer with `pip install graphon`.
"""

import json
import sys
from types import SimpleNamespace

from graphon.nodes.code.code_node import CodeNode
from graphon.nodes.code.entities import CodeNodeData
from graphon.nodes.code.limits import CodeNodeLimits
from graphon.nodes.list_operator.entities import ListOperatorNodeData
from graphon.nodes.list_operator.node import ListOperatorNode
from graphon.nodes.variable_assigner.v2.entities import VariableOperationItem
from graphon.nodes.variable_assigner.v2.node import VariableAssignerNode
from graphon.runtime.variable_pool import VariablePool
from graphon.utils.condition.entities import Condition
from graphon.utils.condition.processor import ConditionProcessor
from graphon.variables.factory import build_segment, build_segment_with_type, segment_to_variable
from graphon.variables.types import SegmentType

LIMITS = CodeNodeLimits(
    max_string_length=400_000,
    max_number=2**63 - 1,
    min_number=-(2**63) + 1,
    max_precision=20,
    max_depth=5,
    max_number_array_length=1000,
    max_string_array_length=30,
    max_object_array_length=30,
)


def render(value):
    segment = build_segment(value)
    return {"text": segment.text, "markdown": segment.markdown, "python": repr(value)}


def pool_with(value):
    pool = VariablePool()
    pool.add(["a", "value"], value)
    return pool


def condition(actual, operator, expected):
    one = Condition(variable_selector=["a", "value"], comparison_operator=operator, value=expected)
    result = ConditionProcessor().process_conditions(
        variable_pool=pool_with(actual), conditions=[one], operator="and"
    )
    return result.final_result


def outputs(shapes, value):
    node = object.__new__(CodeNode)
    node._limits = LIMITS
    schema = {name: CodeNodeData.Output.model_validate(shape) for name, shape in shapes.items()}
    return node.transform_result(value, schema)


METHODS = (
    "_run",
    "_failed_result",
    "_empty_result",
    "_build_input_payloads",
    "_apply_operations",
    "_apply_filter",
    "_apply_order",
    "_apply_slice",
    "_extract_slice",
)


def work_list(value, data):
    node_data = ListOperatorNodeData.model_validate({"title": "list", "variable": ["a", "value"], **data})

    node = SimpleNamespace(node_data=node_data, runtime_state=SimpleNamespace(variable_pool=pool_with(value)))
    for name in METHODS:
        setattr(node, name, getattr(ListOperatorNode, name).__get__(node))
    node._build_outputs = ListOperatorNode._build_outputs
    result = node._run()
    if result.status != "succeeded":
        raise ValueError(result.error)
    return result.outputs["result"].value


def assign(kind, before, operation, value):
    segment = build_segment_with_type(SegmentType(kind), before)
    pool = VariablePool()
    pool.add(["conversation", "it"], segment_to_variable(segment=segment, selector=["conversation", "it"]))
    pool.add(["a", "value"], value)
    is_constant = operation in ("set", "+=", "-=", "*=", "/=")
    item = VariableOperationItem(
        variable_selector=["conversation", "it"],
        input_type="constant" if is_constant else "variable",
        operation=operation,
        value=value if is_constant else ["a", "value"],
    )
    node = object.__new__(VariableAssignerNode)
    node._apply_item(item=item, working_variable_pool=pool)
    return pool.get(["conversation", "it"]).value


ANSWERS = {
    "render": render,
    "condition": condition,
    "outputs": outputs,
    "list": work_list,
    "assign": assign,
}

for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = {"value": ANSWERS[question["what"]](*question["with"])}
        json.dumps(answer, allow_nan=False)
    except Exception as error:  # whatever a node raises, it fails
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer) + "\n")
