// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace doorstep::http {

// A browser's connection: TLS over a socket with deadlines. Beast's headers take a minute to
// compile, so only http_front.cpp, http_session.cpp and request_reader.cpp include this.
using FrontStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

}  // namespace doorstep::http
