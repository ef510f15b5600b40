#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "scenarios/runner.hpp"

// What processes on machines of one kind tell each other, as plain bytes.
namespace tl {

/// Puts values one after the other.
class Packer {
 public:
  template <class Value>
  requires std::is_trivially_copyable_v<Value> Packer& put(const Value& value) { return raw(&value, sizeof value); }
  Packer& put(const std::string& text) { return put(std::uint64_t{text.size()}).raw(text.data(), text.size()); }
  template <class Item>
  Packer& put(const std::vector<Item>& items) {
    return put(std::uint64_t{items.size()}).raw(items.data(), items.size() * sizeof(Item));
  }
  std::vector<std::byte> bytes;

 private:
  Packer& raw(const void* from, std::size_t size);
};

/// Takes them out again in the same order. @throws std::runtime_error  when there are fewer bytes than asked for
class Unpacker {
 public:
  explicit Unpacker(std::span<const std::byte> bytes) : left_{bytes} {}
  template <class Value>
  requires std::is_trivially_copyable_v<Value> Unpacker& get(Value& value) { return raw(&value, sizeof value); }
  Unpacker& get(std::string& text) {
    text.resize(size_of_next(1));
    return raw(text.data(), text.size());
  }
  template <class Item>
  Unpacker& get(std::vector<Item>& items) {
    items.resize(size_of_next(sizeof(Item)));
    return raw(items.data(), items.size() * sizeof(Item));
  }

 private:
  std::size_t size_of_next(std::size_t item_bytes);
  Unpacker& raw(void* to, std::size_t size);
  std::span<const std::byte> left_;
};

void pack(Packer& into, const ReplicationResult& result);
void unpack(Unpacker& from, ReplicationResult& result);
void pack(Packer& into, const Failure& failure);
void unpack(Unpacker& from, Failure& failure);

}  // namespace tl
