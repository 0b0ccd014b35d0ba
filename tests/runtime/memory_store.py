"""A table in a dictionary, with the few expressions that the chat writes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from genai_layers.runtime.chat.store import Item


class MemoryStore:
    """
    A table in a dictionary.

    It understands the few expressions that the chat writes; `test_chat_store.py` holds it against DynamoDB.
    """

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Item] = {}
        self.writes = 0

    def query(self, **request: Any) -> Mapping[str, Any]:
        values = request["ExpressionAttributeValues"]
        partition, prefix = values[":pk"]["S"], values.get(":prefix", {"S": ""})["S"]
        keys = sorted(key for key in self.items if key[0] == partition and key[1].startswith(prefix))
        if not request.get("ScanIndexForward", True):
            keys.reverse()
        start = request.get("ExclusiveStartKey")
        if start is not None:
            after = start["sk"]["S"]
            keys = [key for key in keys if (key[1] < after if "ScanIndexForward" in request else key[1] > after)]
        limit = request.get("Limit", 1000)
        page = {"Items": [copy.deepcopy(self.items[key]) for key in keys[:limit]]}
        if len(keys) >= limit:
            page["LastEvaluatedKey"] = {"pk": {"S": partition}, "sk": {"S": keys[limit - 1][1]}}
        return page

    def update(self, **request: Any) -> bool:
        key = self._key(request["Key"])
        if not self._holds(key, request):
            return False
        self._apply(key, request)
        return True

    def delete(self, **request: Any) -> bool:
        key = self._key(request["Key"])
        if not self._holds(key, request):
            return False
        self.items.pop(key, None)
        return True

    def put_or_get(self, **request: Any) -> Item | None:
        key = self._key(request["Item"])
        if not self._holds(key, request):
            return copy.deepcopy(self.items[key])
        self.items[key] = copy.deepcopy(request["Item"])
        return None

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> int | None:
        for index, write in enumerate(writes):
            ((_, request),) = write.items()
            if not self._holds(self._key(request.get("Key") or request["Item"]), request):
                return index
        for write in writes:
            ((kind, request),) = write.items()
            if kind == "Put":
                self.items[self._key(request["Item"])] = copy.deepcopy(request["Item"])
            else:
                self._apply(self._key(request["Key"]), request)
        return None

    def delete_all(self, keys: Sequence[Item]) -> None:
        for key in keys:
            self.items.pop(self._key(key), None)

    def _key(self, item: Item) -> tuple[str, str]:
        return item["pk"]["S"], item["sk"]["S"]

    def _holds(self, key: tuple[str, str], request: Mapping[str, Any]) -> bool:
        condition = request.get("ConditionExpression")
        if condition is None:
            return True
        item, values = self.items.get(key, {}), request.get("ExpressionAttributeValues", {})
        return any(self._holds_one(part, item, values) for part in condition.split(" OR "))

    def _holds_one(self, condition: str, item: Item, values: Mapping[str, Any]) -> bool:
        if condition.startswith("attribute_"):
            name = condition[condition.index("(") + 1 : -1]
            return (name in item) != condition.startswith("attribute_not")
        name, operator, value = condition.split()
        if name not in item:
            return False
        ((_, left),) = item[name].items()
        ((kind, right),) = values[value].items()
        if kind == "N":
            left, right = float(left), float(right)
        return {"<": left < right, "<=": left <= right, "=": left == right}[operator]

    def _apply(self, key: tuple[str, str], request: Mapping[str, Any]) -> None:
        self.writes += 1
        names, values = request.get("ExpressionAttributeNames", {}), request["ExpressionAttributeValues"]
        item = self.items.setdefault(key, {"pk": {"S": key[0]}, "sk": {"S": key[1]}})
        sets, _, adds = request["UpdateExpression"].partition("ADD ")
        for assignment in filter(None, sets.removeprefix("SET ").strip().split(", ")):
            name, value = assignment.split(" = ")
            item[names.get(name, name)] = values[value]
        if adds:
            name, value = adds.split()
            before = int(item.get(name, {"N": "0"})["N"])
            item[name] = {"N": str(before + int(values[value]["N"]))}
