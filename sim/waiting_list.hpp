#pragma once
#include "sim/records.hpp"

namespace tl {

/// The requests that wait for a setting, in order of rank, then time of the original request, then client.
///
/// A chain while everyone joins near its end, as nearly always: joining, leaving and going first take a step. When
/// someone belongs far inside (a rank, an old place after a handoff) it becomes a search tree until it is empty again,
/// kept balanced by pseudo-random weights (treap: Seidel & Aragon, Algorithmica 16, 1996): coming back to an old place
/// in a queue of n costs about log n. The links of both lie in the requests.
class WaitingList {
 public:
  bool empty() const { return first_ == kNoSlot; }
  std::uint32_t first() const { return first_; }

  void insert(Pool<Request>& requests, std::uint32_t id) {
    Request& request = requests[id];
    request.left = request.right = request.parent = kNoSlot;
    if (is_tree()) {
      insert_in_tree(requests, id);
      return;
    }
    std::uint32_t earlier = last_;
    for (int steps = 0; earlier != kNoSlot && goes_before(request, requests[earlier]); ++steps) {
      if (steps == kMostSteps && !goes_before(request, requests[first_])) {
        make_tree(requests);
        insert_in_tree(requests, id);
        return;
      }
      earlier = steps == kMostSteps ? kNoSlot : requests[earlier].left;
    }
    const std::uint32_t later = earlier == kNoSlot ? first_ : requests[earlier].right;
    chain(requests, earlier, id);
    chain(requests, id, later);
  }

  void erase(Pool<Request>& requests, std::uint32_t id) {
    if (is_tree())
      erase_from_tree(requests, id);
    else
      chain(requests, requests[id].left, requests[id].right);
    requests[id].left = requests[id].right = requests[id].parent = kNoSlot;
  }

  /// The one who comes after `id`; none at the end.
  std::uint32_t after(const Pool<Request>& requests, std::uint32_t id) const {
    if (!is_tree() || requests[id].right == kNoSlot) return is_tree() ? parent_after(requests, id) : requests[id].right;
    id = requests[id].right;
    while (requests[id].left != kNoSlot) id = requests[id].left;
    return id;
  }

  static bool goes_before(const Request& a, const Request& b) {
    if (a.order != b.order) return a.order < b.order;
    if (a.since != b.since) return a.since < b.since;
    return a.number < b.number;
  }

 private:
  static constexpr int kMostSteps = 16;  // along the chain, before it becomes a tree

  bool is_tree() const { return root_ != kNoSlot; }
  /// Makes them neighbours; none stands for the ends.
  void chain(Pool<Request>& requests, std::uint32_t earlier, std::uint32_t later) {
    (earlier == kNoSlot ? first_ : requests[earlier].right) = later;
    (later == kNoSlot ? last_ : requests[later].left) = earlier;
  }
  void make_tree(Pool<Request>& requests) {
    std::uint32_t id = first_;
    first_ = last_ = kNoSlot;
    while (id != kNoSlot) {
      const std::uint32_t next = requests[id].right;
      requests[id].left = requests[id].right = kNoSlot;
      insert_in_tree(requests, id);
      id = next;
    }
  }
  void insert_in_tree(Pool<Request>& requests, std::uint32_t id) {
    const Request& request = requests[id];
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
  void erase_from_tree(Pool<Request>& requests, std::uint32_t id) {
    if (id == first_) first_ = after(requests, id);
    if (id == last_) last_ = before_it(requests, id);
    while (requests[id].left != kNoSlot && requests[id].right != kNoSlot) {
      const std::uint32_t left = requests[id].left, right = requests[id].right;
      rotate_up(requests, weight(requests, left) > weight(requests, right) ? left : right);
    }
    const std::uint32_t child = requests[id].left != kNoSlot ? requests[id].left : requests[id].right;
    replace(requests, id, child);
  }
  /// In the tree, of one without later ones below it.
  static std::uint32_t parent_after(const Pool<Request>& requests, std::uint32_t id) {
    std::uint32_t parent = requests[id].parent;
    while (parent != kNoSlot && requests[parent].right == id) {
      id = parent;
      parent = requests[id].parent;
    }
    return parent;
  }
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

  std::uint32_t root_ = kNoSlot;  ///< of the tree; none: it is a chain, earlier ones to the left
  std::uint32_t first_ = kNoSlot, last_ = kNoSlot;
};

}  // namespace tl
