"""What bench/compare is made of: networks in Caffe's format, run by several frameworks in turn."""
