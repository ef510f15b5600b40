#pragma once
#include <zlib.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

// What is in a zip file, as far as workbooks use it: no encryption, no parts, stored or deflated.
namespace tl::test {

inline std::uint32_t little_endian(const std::string& bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = count; i > 0; --i) value = (value << 8U) | static_cast<unsigned char>(bytes.at(at + i - 1));
  return value;
}

inline std::string inflated(const std::string& packed, std::size_t size) {
  std::string text(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::runtime_error{"zlib does not start"};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(size);
  const int end = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (end != Z_STREAM_END) throw std::runtime_error{"a member of the zip is damaged"};
  return text;
}

/// Names and texts, by the directory at the end of the file.
inline std::map<std::string, std::string> unzipped(const std::string& bytes) {
  std::map<std::string, std::string> members;
  const std::size_t end = bytes.rfind("PK\x05\x06");
  if (end == std::string::npos) throw std::runtime_error{"no zip"};
  std::size_t at = little_endian(bytes, end + 16, 4);
  for (std::uint32_t i = 0; i < little_endian(bytes, end + 10, 2); ++i) {
    const std::uint32_t packed = little_endian(bytes, at + 20, 4), size = little_endian(bytes, at + 24, 4);
    const std::uint32_t name = little_endian(bytes, at + 28, 2), where = little_endian(bytes, at + 42, 4);
    const std::size_t data = where + 30U + little_endian(bytes, where + 26, 2) + little_endian(bytes, where + 28, 2);
    const std::string content = bytes.substr(data, packed);
    const bool is_stored = little_endian(bytes, at + 10, 2) == 0;
    members[bytes.substr(at + 46, name)] = is_stored ? content : inflated(content, size);
    at += 46U + name + little_endian(bytes, at + 30, 2) + little_endian(bytes, at + 32, 2);
  }
  return members;
}

}  // namespace tl::test
