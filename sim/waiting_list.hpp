#pragma once
#include "sim/records.hpp"

namespace tl {

/// The requests that wait for a setting, in order of rank, then time of the original request, then client.
///
/// A search tree kept balanced by pseudo-random weights (treap: Seidel & Aragon, Algorithmica 16, 1996) whose links lie
/// in the requests. Joining at the end and taking the first, which is what nearly always happens, cost a few steps
/// whatever the length; coming back to an old place in a queue of n costs about log n.
class WaitingList {
 public:
  bool empty() const { return root_ == kNoSlot; }
  std::uint32_t first() const { return first_; }

  void insert(Pool<Request>& requests, std::uint32_t id) {
    Request& request = requests[id];
    request.left = request.right = request.parent = kNoSlot;
    if (root_ == kNoSlot) {
      root_ = first_ = last_ = id;
      return;
    }
    if (!goes_before(request, requests[last_])) {
      hang(requests, last_, id, false);
      last_ = id;
    } else if (goes_before(request, requests[first_])) {
      hang(requests, first_, id, true);
      first_ = id;
    } else {
      insert_inside(requests, id);
    }
    while (requests[id].parent != kNoSlot && weight(requests, id) > weight(requests, requests[id].parent))
      rotate_up(requests, id);
  }

  void erase(Pool<Request>& requests, std::uint32_t id) {
    if (id == first_) first_ = after(requests, id);
    if (id == last_) last_ = before_it(requests, id);
    while (requests[id].left != kNoSlot && requests[id].right != kNoSlot) {
      const std::uint32_t left = requests[id].left, right = requests[id].right;
      rotate_up(requests, weight(requests, left) > weight(requests, right) ? left : right);
    }
    const std::uint32_t child = requests[id].left != kNoSlot ? requests[id].left : requests[id].right;
    replace(requests, id, child);
    requests[id].left = requests[id].right = requests[id].parent = kNoSlot;
  }

  /// The one who comes after `id`; none at the end.
  static std::uint32_t after(const Pool<Request>& requests, std::uint32_t id) {
    if (requests[id].right != kNoSlot) {
      id = requests[id].right;
      while (requests[id].left != kNoSlot) id = requests[id].left;
      return id;
    }
    std::uint32_t parent = requests[id].parent;
    while (parent != kNoSlot && requests[parent].right == id) {
      id = parent;
      parent = requests[id].parent;
    }
    return parent;
  }

  static bool goes_before(const Request& a, const Request& b) {
    if (a.order != b.order) return a.order < b.order;
    if (a.since != b.since) return a.since < b.since;
    return a.number < b.number;
  }

 private:
  static std::uint32_t weight(const Pool<Request>& requests, std::uint32_t id) {
    const std::uint32_t mixed = (requests[id].number * 0x9e3779b1U) ^ (id * 0x85ebca6bU);
    return mixed ^ (mixed >> 15);
  }
  static std::uint32_t before_it(const Pool<Request>& requests, std::uint32_t id) {
    if (requests[id].left != kNoSlot) {
      id = requests[id].left;
      while (requests[id].right != kNoSlot) id = requests[id].right;
      return id;
    }
    std::uint32_t parent = requests[id].parent;
    while (parent != kNoSlot && requests[parent].left == id) {
      id = parent;
      parent = requests[id].parent;
    }
    return parent;
  }
  static void hang(Pool<Request>& requests, std::uint32_t parent, std::uint32_t id, bool left) {
    (left ? requests[parent].left : requests[parent].right) = id;
    requests[id].parent = parent;
  }
  void insert_inside(Pool<Request>& requests, std::uint32_t id) {
    std::uint32_t at = root_;
    for (;;) {
      const bool left = goes_before(requests[id], requests[at]);
      const std::uint32_t next = left ? requests[at].left : requests[at].right;
      if (next == kNoSlot) {
        hang(requests, at, id, left);
        return;
      }
      at = next;
    }
  }
  /// `by` (may be none) takes the place of `id` under its parent.
  void replace(Pool<Request>& requests, std::uint32_t id, std::uint32_t by) {
    const std::uint32_t parent = requests[id].parent;
    if (parent == kNoSlot)
      root_ = by;
    else if (requests[parent].left == id)
      requests[parent].left = by;
    else
      requests[parent].right = by;
    if (by != kNoSlot) requests[by].parent = parent;
  }
  void rotate_up(Pool<Request>& requests, std::uint32_t id) {
    const std::uint32_t parent = requests[id].parent;
    const bool was_left = requests[parent].left == id;
    const std::uint32_t moved = was_left ? requests[id].right : requests[id].left;
    replace(requests, parent, id);
    (was_left ? requests[parent].left : requests[parent].right) = moved;
    if (moved != kNoSlot) requests[moved].parent = parent;
    hang(requests, id, parent, !was_left);
  }

  std::uint32_t root_ = kNoSlot, first_ = kNoSlot, last_ = kNoSlot;
};

}  // namespace tl
